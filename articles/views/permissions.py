"""Who may enter a view: decorators that answer 403 to everybody else."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required

from articles import roles

editors_only = permission_required(roles.EDIT, raise_exception=True)
publishers_only = permission_required(roles.PUBLISH, raise_exception=True)
chiefs_only = permission_required(roles.RUN, raise_exception=True)
