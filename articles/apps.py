"""The app of the newsroom."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """Stories, coverage and the desk."""

    name = "articles"
    verbose_name = "Newsdesk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks of the settings."""
        from articles import checks  # noqa: F401
