"""Everything comes from the environment (see `.env.example`); the defaults suit one desk.

Without `NEWSDESK_DEBUG` the settings are those of production: serving needs a secret key of
one's own, cookies travel over TLS only, unless `NEWSDESK_INSECURE_HTTP` says that this desk is
reached over plain HTTP on a trusted machine (`make desk` does).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from newsdesk.env import BASE_DIR, database, flag, one_of, text, whole_number, words

DEBUG = flag("NEWSDESK_DEBUG", default=False)
SECRET_KEY = text("NEWSDESK_SECRET_KEY")
HAS_OWN_SECRET_KEY = bool(SECRET_KEY)
if not HAS_OWN_SECRET_KEY:
    # Commands need no key that outlives them; `newsdesk.wsgi` refuses to serve with this one.
    SECRET_KEY = get_random_secret_key()
elif len(SECRET_KEY) < 50:
    raise ImproperlyConfigured(
        "NEWSDESK_SECRET_KEY is too short. Set 50 or more random characters."
    )
ALLOWED_HOSTS = words("NEWSDESK_ALLOWED_HOSTS", default=("localhost", "127.0.0.1", "[::1]"))
CSRF_TRUSTED_ORIGINS = words("NEWSDESK_TRUSTED_ORIGINS")
INSECURE_HTTP = flag("NEWSDESK_INSECURE_HTTP", default=DEBUG)

INSTALLED_APPS = [
    "articles",
    "newsdesk.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "template_partials",
    "import_export",
    "axes",
    "csp",
    "django_tasks",
]
# Runs of sync and release. A thread of the serving process, unless workers take them up.
NEWSDESK_WORKERS = flag("NEWSDESK_WORKERS", default=False)
if NEWSDESK_WORKERS:
    INSTALLED_APPS.append("django_tasks_db")
_tasks = (
    "django_tasks_db.DatabaseBackend" if NEWSDESK_WORKERS else "newsdesk.background.ThreadBackend"
)
TASKS = {"default": {"BACKEND": _tasks}}
MIDDLEWARE = [
    "newsdesk.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "articles.middleware.DeskMiddleware",
    "articles.busy.BusyMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "newsdesk.urls"
WSGI_APPLICATION = "newsdesk.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["articles.templatetags.fixed_places"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "articles.context.desk",
            ],
        },
    }
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": database("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'newsdesk.sqlite3'}")
}
# A streaming replica of the database, for pages that may be a moment old (newsdesk/replica.py).
if replica := database("DATABASE_REPLICA_URL"):
    DATABASES["replica"] = {**replica, "TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS = ["newsdesk.replica.ReplicaRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATEMENT_TIMEOUT_MS = whole_number("NEWSDESK_STATEMENT_TIMEOUT_MS", default=5000)
_pool = {"min_size": 1, "max_size": whole_number("NEWSDESK_POOL_SIZE", default=8, least=1)}
for _name, _database in DATABASES.items():
    if _database["ENGINE"].endswith("sqlite3"):
        _database["OPTIONS"] = {
            # Deferred transactions fail a read-then-write at once, whatever the timeout.
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-32000;PRAGMA temp_store=MEMORY;"
            ),
        }
    else:
        _database["CONN_HEALTH_CHECKS"] = True
        _database["OPTIONS"] = {
            **_database.get("OPTIONS", {}),
            # A replica that does not answer soon is not waited for: the primary is asked.
            "pool": {**_pool, "timeout": 2} if _name == "replica" else _pool,
            "options": "-c lock_timeout=5000",
        }

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "articles:home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
SESSION_COOKIE_AGE = 12 * 3600

AXES_FAILURE_LIMIT = whole_number("NEWSDESK_LOGIN_ATTEMPTS", default=10, least=1)
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

SESSION_COOKIE_SECURE = not INSECURE_HTTP
CSRF_COOKIE_SECURE = not INSECURE_HTTP
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = not INSECURE_HTTP
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 0 if INSECURE_HTTP else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not INSECURE_HTTP
SECURE_HSTS_PRELOAD = not INSECURE_HTTP
if flag("NEWSDESK_BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "https:", "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": ["https://www.youtube-nocookie.com"],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True

# Newsdesk's own.
# Whoever sends this token may read /metrics; empty: nobody, and nothing is counted.
NEWSDESK_METRICS_TOKEN = text("NEWSDESK_METRICS_TOKEN")
NEWSDESK_SERVE_SITE = flag("NEWSDESK_SERVE_SITE", default=True)
NEWSDESK_MAX_FILE_BYTES = whole_number("NEWSDESK_MAX_FILE_BYTES", default=1_000_000, least=1)
NEWSDESK_MAX_DEPTH = whole_number("NEWSDESK_MAX_DEPTH", default=50, least=1)
NEWSDESK_MAX_NODES = whole_number("NEWSDESK_MAX_NODES", default=100_000, least=1)
NEWSDESK_MAX_EXPANSION = whole_number("NEWSDESK_MAX_EXPANSION", default=10_000, least=1)
# Clones of the repositories that sites are connected with.
NEWSDESK_DATA = Path(text("NEWSDESK_DATA") or BASE_DIR / "data")
# A file of lines https://user:password@host, as `git credential-store` keeps it.
NEWSDESK_GIT_CREDENTIALS = text("NEWSDESK_GIT_CREDENTIALS")
NEWSDESK_TESTING = False

LOG_LEVEL = one_of("NEWSDESK_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "newsdesk.logs.OneLineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # A repository that does not answer is told in a sentence, not with each of the attempts.
    "loggers": {"axes": {"level": "WARNING"}, "urllib3": {"level": "ERROR"}},
}
