"""Configuration of the web server: ``gunicorn -c python:dalian_coop.gunicorn dalian_coop.wsgi``."""

import gc
import os

from dalian_coop import env

_host = env.text("HOST", "127.0.0.1")
_port = env.number("PORT", 8000, 1, 65535)
bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"

worker_class = "gthread"
workers = env.number("WEB_WORKERS", 2, 1, 64)
threads = env.number("WEB_THREADS", 4, 1, 64)
timeout = 60
graceful_timeout = 10
keepalive = 5
# A request line holds the longest query string of the grids; everything else is refused early.
limit_request_line = 8190
# Heartbeats of the workers must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# gunicorn's control socket has one name for all instances of a user.
control_socket_disable = True
# Proxies whose X-Forwarded-* headers are believed.
forwarded_allow_ips = env.text("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")

# The application is loaded once, in the master, and shared by the workers as long as nobody writes to it.
preload_app = True

# Requests are logged by dalian_coop.base.middleware with their id; gunicorn's own messages take the same form.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "dalian_coop.base.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}


def when_ready(server):
    """Load before the workers are forked what the first request would load, and keep it from the garbage collector.

    A collection that walks over all loaded modules inside a request is what costs the p95.
    """
    from django.template.loader import get_template
    from django.urls import get_resolver, reverse
    from django.utils import translation

    for language in ("zh-hans", "en"):
        with translation.override(language):
            reverse("admin:index")
    get_resolver().url_patterns  # noqa: B018 - reading it imports every room's views
    get_template("base.html")
    gc.collect()
    gc.freeze()


def post_fork(server, worker):
    """Collect rarely: the threshold counts new objects, and one list page makes many that die at once."""
    gc.set_threshold(50_000, 20, 20)
