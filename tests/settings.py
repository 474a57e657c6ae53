"""The settings of the tests: production's, with what a test machine cannot have switched off."""

import os
import tempfile
from pathlib import Path

# Inherited by the processes that a test starts.
os.environ.setdefault("NEWSDESK_DATA", tempfile.mkdtemp(prefix="newsdesk-tests-"))
os.environ.setdefault("NEWSDESK_SECRET_KEY", "only-for-the-tests-" + "0123456789abcdef" * 4)
os.environ.setdefault("NEWSDESK_INSECURE_HTTP", "true")

from newsdesk.settings import *  # noqa: F403
from newsdesk.settings import DATABASES, STORAGES

NEWSDESK_TESTING = True
# A thread has no part in a test's transaction.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = ["*"]
LOGGING = {"version": 1, "disable_existing_loggers": False}

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file: the browser asks for several things at once, and connections to one database in
    # memory do not wait for each other.
    _memory = Path("/dev/shm")
    _folder = _memory if os.access(_memory, os.W_OK) else Path(tempfile.gettempdir())
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / f"newsdesk-test-{os.getpid()}.sqlite3")}
else:
    # A pool keeps connections that would block dropping the test database.
    DATABASES["default"]["OPTIONS"].pop("pool", None)
