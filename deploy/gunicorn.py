"""gunicorn for newsdesk-web@.service: threads, patience, and log lines like the desk's own."""

worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 30
# Two servers of one user would share it; systemd stops and restarts them.
control_socket_disable = True
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "newsdesk.logs.OneLineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["stderr"], "propagate": False},
        "gunicorn.access": {"level": "WARNING", "handlers": [], "propagate": False},
    },
}
