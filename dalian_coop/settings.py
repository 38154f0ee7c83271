"""Settings of the portal. Every variable read here has a line in .env.example."""

import os
from pathlib import Path

import pghistory
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from dalian_coop import embedded, env

BASE_DIR = Path(__file__).resolve().parent.parent

DALIAN_ENV = env.choice("DALIAN_ENV", "development", ("development", "test", "production"))
PRODUCTION = DALIAN_ENV == "production"
DEBUG = False
SECRET_KEY = env.secret("SECRET_KEY", 50, None if PRODUCTION else embedded.secret("SECRET_KEY"))
# Keys the digests of API tokens: kept apart from SECRET_KEY so that either can be changed alone.
TOKEN_PEPPER = env.secret("TOKEN_PEPPER", 32, None if PRODUCTION else embedded.secret("TOKEN_PEPPER"))
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1],testserver")
if PRODUCTION and not ALLOWED_HOSTS:
    raise env.BadSetting("ALLOWED_HOSTS", "is missing; name the host under which people open the portal")
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "pgtrigger",
    "pghistory",
    "rules",
    "django_htmx",
    "csp",
    "dalian_coop.base",
    "dalian_coop.ui",
    "dalian_coop.rest",
    "dalian_coop.accounts",
    "dalian_coop.history",
    "dalian_coop.jobs",
    "dalian_coop.exports",
    "dalian_coop.calendars",
    "dalian_coop.corrections",
    "dalian_coop.webhooks",
    "partners.regions",
    "partners.industries",
    "partners.indicators",
    "partners.relations",
    "planning.plans",
    "planning.taskbooks",
    "planning.roadmap",
    "planning.gaps",
    "planning.dashboard",
]

MIDDLEWARE = [
    "dalian_coop.base.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "dalian_coop.base.middleware.RefuseBadText",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dalian_coop.accounts.middleware.SessionLimits",
    "dalian_coop.accounts.middleware.AuditPulls",
    "django.contrib.messages.middleware.MessageMiddleware",
    "dalian_coop.history.middleware.ChangeContext",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "dalian_coop.urls"
WSGI_APPLICATION = "dalian_coop.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dalian_coop.ui.context_processors.shell",
            ],
        },
    }
]

# --- Data ---
DATABASE_URL = os.environ.get("DATABASE_URL", "")
REDIS_URL = os.environ.get("REDIS_URL", "")
if PRODUCTION:
    DATABASE_URL, REDIS_URL = env.text("DATABASE_URL"), env.text("REDIS_URL")
DATABASES = {"default": embedded.database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": embedded.cache(REDIS_URL)}}

# --- Background jobs: Celery carries ids only, the Job row is the truth (dalian_coop.jobs) ---
CELERY_BROKER_URL = embedded.broker(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900}
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_DEFAULT_QUEUE = env.text("CELERY_QUEUE", "dalian")
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "jobs.sweep", "schedule": 20.0},
    "worker-seen": {"task": "jobs.worker_seen", "schedule": 20.0},
    "purge-accounts": {"task": "accounts.purge", "schedule": crontab(hour=3, minute=20)},
    "announce-changes": {"task": "webhooks.announce", "schedule": 2.0, "options": {"expires": 5}},
    "purge-announcements": {"task": "webhooks.purge", "schedule": crontab(hour=3, minute=30)},
    "stamp-changes": {"task": "history.stamp", "schedule": 1.0, "options": {"expires": 5}},
    "purge-changes": {"task": "history.purge", "schedule": crontab(hour=3, minute=40)},
    "purge-exports": {"task": "exports.purge", "schedule": 3600.0},
}

# --- Audit: dalian_coop.base.tracking ---
PGHISTORY_LEVEL = pghistory.Statement
PGHISTORY_APPEND_ONLY = True
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="events", null=True)

# --- People ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["dalian_coop.accounts.backends.PasswordBackend", "rules.permissions.ObjectPermissionBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "dalian_coop.accounts.validators.CharacterKinds"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts:sign-in"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = env.number("SESSION_IDLE_MINUTES", 30, 1, 720) * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "dalian_coop.ui.views.csrf_failure"

# --- Transport and browser rules ---
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
        "form-action": [SELF],
    }
}
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", True) else None
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

# --- Languages and time: Chinese first ---
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English"), ("ja", "日本語"), ("ko", "한국어")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
PORTAL_REGION = ("CN-210200", "大连市")
PORTAL_NAME = _("Dalian Japan–Korea Cooperation Portal")

# --- Files ---
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DALIAN_ENV == "test"
        else "dalian_coop.base.statics.ModuleAwareStorage"
    },
}
WHITENOISE_USE_FINDERS = DALIAN_ENV == "test"
MEDIA_ROOT = embedded.DATA / "media"

# --- REST: the plumbing is dalian_coop.rest ---
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "dalian_coop.accounts.api.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["dalian_coop.rest.permissions.DeclaredAccess"],
    "DEFAULT_PAGINATION_CLASS": "dalian_coop.rest.paging.SignedCursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["dalian_coop.rest.filters.StrictFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["dalian_coop.rest.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["dalian_coop.rest.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "dalian_coop.rest.schema.Schema",
    "DEFAULT_THROTTLE_CLASSES": ["dalian_coop.rest.throttles.ActorThrottle"],
    "EXCEPTION_HANDLER": "dalian_coop.rest.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": True,
}
# Requests a second, and how many at once: per system (bearer token) and per person (session).
REST_RATES = {
    "client": (env.number("API_RATE", 10, 1, 10_000), env.number("API_BURST", 30, 1, 100_000)),
    "user": (30, 120),
}
REST_ROWS_A_MINUTE = env.number(
    "API_ROWS", 50_000, 500, 100_000_000
)  # in lists, per actor; exports have their own limit
# Hosts, host:port or networks inside to which webhooks may go although they are not public (dalian_coop.webhooks).
WEBHOOK_ALLOWED = env.items("WEBHOOK_ALLOWED")
SPECTACULAR_SETTINGS = {
    "TITLE": "Dalian Japan–Korea Cooperation Portal",
    "DESCRIPTION": "Export of partner cities, indicators, task books, road maps and gap reports.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [],  # states stay where they are used, without invented names
}

# --- Logs: one JSON object a line on standard error ---
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "dalian_coop.base.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))},
    "loggers": {"django.server": {"handlers": ["stderr"], "propagate": False}},
}
