"""The admin of this project."""

from django.contrib.admin.apps import AdminConfig


class DeskAdminConfig(AdminConfig):
    """Django's admin with the desk's manners."""

    default_site = "newsdesk.admin.DeskAdminSite"
