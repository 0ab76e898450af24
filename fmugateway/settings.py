"""The one settings file. Every difference between deployments is an environment variable, listed in .env.example."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(os.environ.get("ENV_FILE", BASE_DIR / ".env"))

# --- Where and how --------------------------------------------------------------------------------

DEBUG: bool = env.bool("DEBUG", default=False)
_PORT: int = env.int("PORT", default=8000)
SITE_URL: str = env.str("SITE_URL", default=f"http://127.0.0.1:{_PORT}").rstrip("/")
SITE_NAME = "FMU Gateway"
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """SECRET_KEY of the environment; one machine without it keeps its own beside its database."""
    key: str = env.str("SECRET_KEY", default="")
    if key:
        return key
    path = DATA_DIR / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[environ.urlparse(SITE_URL).hostname or "127.0.0.1"])
if DEBUG:
    # HOST=0.0.0.0 is for looking at it from another machine, whatever name that one uses.
    ALLOWED_HOSTS += ["*"] if env.str("HOST", default="") == "0.0.0.0" else ["localhost", "127.0.0.1", "[::1]"]  # noqa: S104
CSRF_FAILURE_VIEW = "fmugateway.error_views.csrf_failure"
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])

ROOT_URLCONF = "fmugateway.urls"
WSGI_APPLICATION = "fmugateway.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SIGN_IN_WITH = [name for name in ("github", "google") if env.str(f"{name}_CLIENT_ID".upper(), default="")]
INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "fmugateway.admin_config.OwnerAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    # Without its keys the addresses of a provider would only answer 500.
    *(f"allauth.socialaccount.providers.{name}" for name in SIGN_IN_WITH),
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_tasks_db",
    "djstripe",
    "accounts",
    "billing",
    "simulations",
    "fmugateway",
]

MIDDLEWARE = [
    "fmugateway.middleware.RequestIdMiddleware",
    "fmugateway.middleware.BrowserHeadersMiddleware",
    "fmugateway.middleware.ProbeMiddleware",
    "fmugateway.analytics.CountingMiddleware",
    "billing.middleware.RefuseWebhookSecretHeader",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "fmugateway.middleware.AddressesMiddleware",
    "fmugateway.body_size.BodySizeMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.csp",
                "fmugateway.context.site",
            ],
        },
    },
]

# --- Data -----------------------------------------------------------------------------------------

_SQLITE_OPTIONS = {
    # A read that becomes a write fails at once under the default DEFERRED; IMMEDIATE waits its turn.
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Workers look for work 20 times a second: opening the file anew each time took 7 % of a core.
    DATABASES["default"] |= {"OPTIONS": _SQLITE_OPTIONS, "CONN_MAX_AGE": None}
else:
    DATABASES["default"] |= {
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            # Statements are prepared on their second use, which halves PostgreSQL's part of a run.
            "server_side_binding": True,
            "prepare_threshold": 1,
            # A machine that is gone answers nothing; the kernel would let each thread try for two minutes.
            "connect_timeout": 3,
            # Nor does one that goes while it is asked: without these a thread would wait for its answer for hours.
            "tcp_user_timeout": 10_000,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 2,
        }
        | DATABASES["default"].get("OPTIONS", {}),
    }
    if env.bool("WEB_SERVER", default=False):
        # Hundreds of threads share a few connections; the others of our processes have one thread that works.
        DATABASES["default"] |= {"ENGINE": "fmugateway.postgresql", "CONN_MAX_AGE": 0}
        DATABASES["default"]["OPTIONS"]["pool"] = {
            "min_size": 1,
            "max_size": env.int("DATABASE_POOL", default=16),
            # The engine checks, waits and tries again by itself: the pool's own pauses would double and double.
            "check": None,
            "reconnect_timeout": 0,
        }

_CACHE: dict[str, Any] = env.cache_url("CACHE_URL", default="dbcache://django_cache")
if _CACHE["BACKEND"].endswith("DatabaseCache"):
    _CACHE["BACKEND"] = "fmugateway.database_cache.CountingDatabaseCache"
elif _CACHE["BACKEND"].endswith("RedisCache"):
    # Without them a request would hang on a cache that went away.
    _CACHE["OPTIONS"] = {"socket_connect_timeout": 2, "socket_timeout": 2} | _CACHE.get("OPTIONS", {})
CACHES = {"default": _CACHE}

# --- People ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_REDIRECT_URL = "dashboard"
LOGIN_URL = "account_login"

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = environ.urlparse(SITE_URL).scheme
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "accounts.mfa_forms.AddPasskeyForm"}
MFA_ADAPTER = "accounts.adapters.SecondStepAdapter"
MFA_TOTP_ISSUER = SITE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
SOCIALACCOUNT_PROVIDERS = {
    name: {
        "APPS": [
            {"client_id": env.str(f"{name}_CLIENT_ID".upper()), "secret": env.str(f"{name}_CLIENT_SECRET".upper())}
        ]
    }
    for name in SIGN_IN_WITH
}

KNOX_TOKEN_MODEL = "accounts.ApiToken"  # noqa: S105  a model, not a token
# Knox's migrations make its own token's table although ours stands in for it, with a key to our users.
MIGRATION_MODULES = {"knox": None}
REST_KNOX = {"TOKEN_PREFIX": "fmu_", "AUTH_HEADER_PREFIX": "Bearer", "TOKEN_TTL": None}

DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="FMU Gateway <hello@fmugateway.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
SUPPORT_EMAIL: str = env.str("SUPPORT_EMAIL", default="support@fmugateway.example")


def _mailer(url: dict[str, Any]) -> dict[str, Any]:
    """Django's MAILERS entry from django-environ's older names; what the address leaves out keeps its default."""
    options = {
        name: url[f"EMAIL_{name}".upper()]
        for name in ("host", "port", "host_user", "host_password", "use_tls", "use_ssl", "file_path")
        if url.get(f"EMAIL_{name}".upper())
    }
    if "file_path" in options:
        # filemail:///var/mails is an absolute path; django-environ drops the slash that says so.
        options["file_path"] = f"/{options['file_path']}"
    renamed = {"host_user": "username", "host_password": "password"}
    printed = url["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
    return {
        "BACKEND": "accounts.printed_mail.PrintedMail" if printed else url["EMAIL_BACKEND"],
        "OPTIONS": {renamed.get(key, key): value for key, value in options.items()},
    }


MAILERS = {"default": _mailer(env.email_url("EMAIL_URL", default="consolemail://" if DEBUG else "dummymail://"))}

# --- API ------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": [
        "simulations.api.parsers.JsonParser",
        "rest_framework.parsers.FormParser",
        "simulations.api.parsers.FormParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "fmugateway.problems.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "NUM_PROXIES": env.int("NUM_PROXIES", default=0),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "FMU Gateway",
    "DESCRIPTION": "Run any FMU online, paid per run.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    # Choices stand where they are used, instead of as components with made-up names.
    "POSTPROCESSING_HOOKS": [],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    # Whoever has only the document knows where the site is.
    "SERVERS": [{"url": SITE_URL}],
}
# Requests a minute: without an account by address, with one by account. Samples count on their own.
RATE_LIMITS = {
    "anonymous": env.int("RATE_LIMIT_ANONYMOUS", default=60),
    "account": env.int("RATE_LIMIT_ACCOUNT", default=600),
    "upload": env.int("RATE_LIMIT_UPLOAD", default=30),
    # The landing page runs ten a second while somebody moves a slider.
    "sample": env.int("RATE_LIMIT_SAMPLE", default=600),
    "poll": env.int("RATE_LIMIT_POLL", default=120),
    "checkout": env.int("RATE_LIMIT_CHECKOUT", default=30),
}

# --- Simulations ----------------------------------------------------------------------------------

MAX_UPLOAD_BYTES: int = env.int("MAX_UPLOAD_BYTES", default=100 << 20)
# Of one network without an account, and of one account.
UPLOAD_BYTES_A_DAY = {
    "anonymous": env.int("UPLOAD_BYTES_A_DAY_ANONYMOUS", default=2 << 30),
    "account": env.int("UPLOAD_BYTES_A_DAY_ACCOUNT", default=20 << 30),
}
RUN_LIMITS = {
    "wall_seconds": env.float("RUN_WALL_SECONDS", default=60.0),
    "cpu_seconds": env.float("RUN_CPU_SECONDS", default=60.0),
    "memory_bytes": env.int("RUN_MEMORY_BYTES", default=1 << 30),
    "values": env.int("RUN_VALUES", default=10_000_000),
}
PILOT_RUN_LIMITS = RUN_LIMITS | {
    "wall_seconds": env.float("PILOT_RUN_WALL_SECONDS", default=600.0),
    "cpu_seconds": env.float("PILOT_RUN_CPU_SECONDS", default=600.0),
    "memory_bytes": env.int("PILOT_RUN_MEMORY_BYTES", default=4 << 30),
}
FMU_CAGE_ALLOW_REDUCED: bool = env.bool("FMU_CAGE_ALLOW_REDUCED", default=False)
FMU_CAGE_RECYCLE_AFTER: int = env.int("FMU_CAGE_RECYCLE_AFTER", default=500)
FMU_LIBRARIES_DIR = Path(env.str("FMU_LIBRARIES_DIR", default=str(DATA_DIR / "libraries")))
FMU_CACHE_DIR = Path(env.str("FMU_CACHE_DIR", default=str(DATA_DIR / "cache" / "fmus")))
FMU_CACHE_BYTES: int = env.int("FMU_CACHE_BYTES", default=10 << 30)
GUEST_FMU_DAYS: int = env.int("GUEST_FMU_DAYS", default=7)
GUEST_RESULT_DAYS: int = env.int("GUEST_RESULT_DAYS", default=30)
# An account's FMUs and results stay until they are deleted; a number of days here trims results earlier.
RESULT_DAYS: int | None = env.int("RESULT_DAYS", default=0) or None

# A broker carries the queue past one machine; without one it is a table of the database.
TASKS_BROKER_URL: str = env.str("TASKS_BROKER_URL", default="")
# Requests of one process that may wait for their run at a time; the others are answered 202 at once.
MAX_WAITING_REQUESTS: int = max(1, env.int("WEB_THREADS", default=640) * 9 // 10)
# More runs than this waiting, and new ones are refused with 503 and Retry-After instead of kept waiting for long.
MAX_QUEUED_RUNS: int = env.int("MAX_QUEUED_RUNS", default=2000)
TASKS = {
    "default": {
        "BACKEND": "fmugateway.task_backend.CeleryBackend" if TASKS_BROKER_URL else "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default", "intake"],
    },
}

# --- Money ----------------------------------------------------------------------------------------

STRIPE_ENABLED: bool = env.bool("STRIPE_ENABLED", default=True)
STRIPE_SECRET_KEY: str = env.str("STRIPE_SECRET_KEY", default="")
STRIPE_PUBLIC_KEY: str = env.str("STRIPE_PUBLIC_KEY", default="")
STRIPE_API_VERSION = "2026-05-27.dahlia"  # the version that dj-stripe 2.11 is tested with
# Without a key a development site sells against the stand-in; production does so only when told to.
STRIPE_STANDIN: bool = STRIPE_ENABLED and not STRIPE_SECRET_KEY and env.bool("STRIPE_STANDIN", default=DEBUG)
STRIPE_STANDIN_URL: str = env.str("STRIPE_STANDIN_URL", default=f"http://127.0.0.1:{_PORT + 4111}")
if STRIPE_STANDIN:
    STRIPE_SECRET_KEY = "sk_test_" + "localStandInNotStripe" + "0" * 11
    STRIPE_API_HOST = STRIPE_STANDIN_URL
STRIPE_LIVE_MODE = STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))
STRIPE_TEST_SECRET_KEY = "" if STRIPE_LIVE_MODE else STRIPE_SECRET_KEY
STRIPE_LIVE_SECRET_KEY = STRIPE_SECRET_KEY if STRIPE_LIVE_MODE else ""
DJSTRIPE_FOREIGN_KEY_TO_FIELD = "id"
DJSTRIPE_SUBSCRIBER_MODEL = "accounts.User"
TRIAL_RUNS: int = env.int("TRIAL_RUNS", default=3)
TRIAL_DAYS: int = env.int("TRIAL_DAYS", default=30)
RUN_TOKEN_SECONDS: int = env.int("RUN_TOKEN_SECONDS", default=900)
UNUSED_PAYMENT_REFUND_DAYS: int = env.int("UNUSED_PAYMENT_REFUND_DAYS", default=7)
# What the machines cost, in minor units of the price list's currency: for the owner's cost per simulation.
COST_CPU_HOUR: float = env.float("COST_CPU_HOUR", default=3.0)
COST_GB_MONTH: float = env.float("COST_GB_MONTH", default=12.0)

# --- Files ----------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "storage"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "fmugateway.static_files.HashedStaticFiles"
    },
}
# Only names with a hash are ever asked for, and nobody asks for source maps: collectstatic takes 10 s instead of 43.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [
    *("map", "png", "jpg", "jpeg", "gif", "webp", "woff", "woff2"),
    *("zip", "gz", "br", "fmu"),
]
# S3, or what speaks like it (Tigris, MinIO, R2), under the names that `fly storage create` and boto3 use; boto3 reads
# AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY from the environment itself.
BUCKET_NAME: str = env.str("BUCKET_NAME", default="")
SIGNED_DOWNLOADS: bool = env.bool("SIGNED_DOWNLOADS", default=True)
if BUCKET_NAME:
    _ENDPOINT: str | None = env.str("AWS_ENDPOINT_URL_S3", default="") or None
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": BUCKET_NAME,
            "endpoint_url": _ENDPOINT,
            "region_name": env.str("AWS_REGION", default="auto" if _ENDPOINT else "eu-west-2"),
            "addressing_style": "path" if _ENDPOINT else "auto",
            "signature_version": "s3v4",
            "querystring_expire": 300,
            # What is read back lies on the disk while it is larger; the library's default keeps all of it in memory.
            "max_memory_size": 8 << 20,
        },
    }
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 << 20
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)

# --- Time and language ----------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
LANGUAGE_CODE = "en-gb"

# --- Security -------------------------------------------------------------------------------------

STRIPE_HOSTS = [STRIPE_STANDIN_URL] if STRIPE_STANDIN else ["https://checkout.stripe.com", "https://billing.stripe.com"]
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "form-action": [CSP.SELF, *STRIPE_HOSTS],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
# Fly's proxy ends TLS and says so; nobody else can reach the machine.
_HTTPS = SITE_URL.startswith("https://")
if _HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
if STRIPE_LIVE_MODE and DEBUG:
    raise ImproperlyConfigured("A live Stripe key and DEBUG do not go together: unset DEBUG or use a test key.")

# --- Admin ----------------------------------------------------------------------------------------

UNFOLD = {
    "SITE_TITLE": SITE_NAME,
    "SITE_HEADER": SITE_NAME,
    "SITE_SUBHEADER": "Owner",
    "SITE_SYMBOL": "monitoring",
    "SHOW_LANGUAGES": False,
    "ENVIRONMENT": "fmugateway.admin_menu.environment",
    "DASHBOARD_CALLBACK": "fmugateway.dashboard.dashboard",
    "STYLES": ["fmugateway.admin_menu.stylesheet"],
    "SIDEBAR": {"show_search": True, "navigation": "fmugateway.admin_menu.navigation"},
    "COLORS": {
        "primary": {
            str(step): f"oklch({light}% {chroma} 275)"
            for step, light, chroma in (
                (50, 97, 0.014),
                (100, 94, 0.03),
                (200, 88, 0.06),
                (300, 80, 0.1),
                (400, 70, 0.15),
                (500, 60, 0.19),
                (600, 53, 0.2),
                (700, 47, 0.18),
                (800, 41, 0.15),
                (900, 36, 0.12),
                (950, 27, 0.09),
            )
        }
    },
}

# --- Logs -----------------------------------------------------------------------------------------

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"context": {"()": "fmugateway.logs.ContextFilter"}},
    "formatters": {
        "json": {"()": "fmugateway.logs.JsonFormatter"},
        "text": {"format": "{levelname:<7} {name} {message} {ids}", "style": "{"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "text" if DEBUG else "json",
            "filters": ["context"],
        },
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own handlers would say everything a second time.
        "django": {"handlers": [], "level": "INFO"},
        "django.server": {"handlers": [], "level": "WARNING"},
        "stripe": {"level": "WARNING"},
        "djstripe": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
        "django.tasks": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
    },
}

# --- Watching it ----------------------------------------------------------------------------------

# Without a token /metrics answers only to these networks, and never to what came through a proxy.
METRICS_TOKEN: str = env.str("METRICS_TOKEN", default="")
METRICS_NETWORKS: list[str] = env.list("METRICS_NETWORKS", default=["127.0.0.0/8", "::1/128"])
# With less free where files lie, uploads and new runs are refused and the machine is not ready.
MIN_FREE_DISK_BYTES: int = env.int("MIN_FREE_DISK_BYTES", default=256 << 20)
SENTRY_DSN: str = env.str("SENTRY_DSN", default="")

# --- Tests ----------------------------------------------------------------------------------------

if env.bool("FMU_TESTING", default=False):
    if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        # Worker processes read it too, so it is a file.
        DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # No collectstatic before unit tests; the browser walks run with the real one.
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
