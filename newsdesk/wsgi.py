"""The door for gunicorn."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdesk.settings")
if not settings.HAS_OWN_SECRET_KEY:
    raise ImproperlyConfigured(
        "NEWSDESK_SECRET_KEY is not set. Put 50 or more random characters into .env or the "
        "environment; `make desk` does it for you where there is no .env yet."
    )
application = get_wsgi_application()
