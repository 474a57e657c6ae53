"""The settings of production, except that static files need not be collected first."""

import logging

from newsdesk.settings import *  # noqa: F403
from newsdesk.settings import BASE_DIR, DATABASES, STORAGES

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = BASE_DIR / "articles" / "static"
ALLOWED_HOSTS = ["testserver"]
# A pool has threads of its own; one process here asks one question at a time.
DATABASES["default"]["OPTIONS"].pop("pool", None)
logging.disable(logging.INFO)
