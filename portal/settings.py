"""All settings, read from the environment once. ``.env.example`` describes every variable."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ

from portal import env, secrets

BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(BASE_DIR / ".env", overwrite=False)

# Speech packages load onnxruntime themselves, which would report to its maker (compliance.onnx).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

PROFILE = env.text("PROFILE", "embedded")
if PROFILE not in {"embedded", "production"}:
    raise env.BadSetting("PROFILE must be embedded or production.")
EMBEDDED = PROFILE == "embedded"
DEBUG = False
DATA_DIR = env.directory("DATA_DIR", BASE_DIR / "var")
KEY_DIR = env.directory("KEY_DIR", DATA_DIR / "keys")
_SECRETS = DATA_DIR / "secrets"
if EMBEDDED:
    DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)

SECRET_KEY = secrets.read_or_make("SECRET_KEY", _SECRETS, embedded=EMBEDDED)
GRANT_KEYS = secrets.key_ring("GRANT_KEYS", _SECRETS, embedded=EMBEDDED)
WEBHOOK_KEYS = secrets.key_ring("WEBHOOK_KEYS", _SECRETS, embedded=EMBEDDED)
CORRELATION_KEYS = secrets.key_ring("CORRELATION_KEYS", _SECRETS, embedded=EMBEDDED)
ENGINE_API_KEY = secrets.read_or_make("ENGINE_API_KEY", _SECRETS, embedded=EMBEDDED)
ENGINE_WEBHOOK_SECRET = secrets.read_or_make("ENGINE_WEBHOOK_SECRET", _SECRETS, embedded=EMBEDDED)

# --- where the portal is reached ---------------------------------------------------------------------------------
HOST = env.text("HOST", "127.0.0.1")
PORT = env.number("PORT", 8000, 1, 65535)
PUBLIC_URL = env.url("PUBLIC_URL", f"http://127.0.0.1:{PORT}" if EMBEDDED else "")
_PUBLIC = urlsplit(PUBLIC_URL)
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS") or (["127.0.0.1", "localhost", "[::1]"] if EMBEDDED else [])
if _PUBLIC.hostname and _PUBLIC.hostname not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(_PUBLIC.hostname)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
TRUSTED_ORIGINS = env.listing("TRUSTED_ORIGINS")
HTTPS = _PUBLIC.scheme == "https"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("TRUST_FORWARDED_PROTO") else None
SECURE_SSL_REDIRECT = HTTPS and env.flag("SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ENGINE = "django.contrib.sessions.backends.db"
IDLE_LOCK_SECONDS = env.number("IDLE_LOCK_MINUTES", 15, 1, 720) * 60

# --- rooms -------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "django_htmx",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "portal.accounts",
    "compliance",
    "vault",
    "transcription",
    "portal",
]
MIDDLEWARE = [
    "portal.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.middleware.SignedInOnly",
    "portal.middleware.IdleLock",
    "portal.middleware.Problems",
]
ROOT_URLCONF = "portal.urls"
ASGI_APPLICATION = "portal.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "portal.pages.context.portal",
            ]
        },
    }
]

# --- database ----------------------------------------------------------------------------------------------------
_DATABASE_URL = env.secret("DATABASE_URL")
if _DATABASE_URL:
    DATABASES: dict[str, Any] = {"default": environ.Env.db_url_config(_DATABASE_URL)}
elif EMBEDDED:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "portal.sqlite3")}}
else:
    raise env.BadSetting("DATABASE_URL is required in the production profile.")
SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 30,
        "transaction_mode": "IMMEDIATE",
        # FULL: a committed act survives a power cut; secure_delete: freed pages hold no old ciphertext.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;",
    }
    # A file, so that threads and other processes of a test see the same database.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    # Under ASGI each request may run in a thread of its own: a connection kept there would be kept for nobody.
    DATABASES["default"]["CONN_MAX_AGE"] = 0

# --- objects -----------------------------------------------------------------------------------------------------
# One storage a region; the vault names the region, the region names the storage. STORAGE_<REGION>=s3://bucket or a folder.
REGIONS = env.listing("REGIONS", "local")
DEFAULT_REGION = env.text("DEFAULT_REGION", REGIONS[0])
KEY_STORE = env.text("KEY_STORE", "local")
# Signed heads of the audit log, a file each: mirror this folder to where nobody here can write.
CHECKPOINT_DIR = env.directory("CHECKPOINT_DIR", DATA_DIR / "checkpoints")
# How long backups are kept: until then one made before an erasure can open the object; the certificate names the date.
BACKUP_DAYS = env.number("BACKUP_DAYS", 35, 0, 3650)
STORAGES: dict[str, Any] = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA_DIR / "none")},
    },
}
for _region in REGIONS:
    _target = env.text(f"STORAGE_{_region.upper().replace('-', '_')}", str(DATA_DIR / "objects" / _region))
    if _target.startswith("s3://"):
        STORAGES[f"vault-{_region}"] = {
            "BACKEND": "vault.backends.s3.S3Parts",
            "OPTIONS": {
                "bucket_name": urlsplit(_target).netloc,
                "location": urlsplit(_target).path.strip("/"),
                "endpoint_url": env.text(f"S3_ENDPOINT_{_region.upper().replace('-', '_')}", "") or None,
                "region_name": env.text(f"S3_REGION_{_region.upper().replace('-', '_')}", "") or None,
                "default_acl": None,
                "file_overwrite": True,
            },
        }
    else:
        STORAGES[f"vault-{_region}"] = {
            "BACKEND": "vault.backends.local.LocalParts",
            "OPTIONS": {
                "location": _target,
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
                "base_url": None,
            },
        }

# --- queue -------------------------------------------------------------------------------------------------------
_BROKER = env.secret("BROKER_URL")
BROKER_DIR = DATA_DIR / "broker"
CELERY_BROKER_URL = _BROKER or "filesystem://"
if not _BROKER:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR),
        "data_folder_out": str(BROKER_DIR),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": False,
    }
# Several portals may share one broker; each has queues of its own.
CELERY_TASK_DEFAULT_QUEUE = env.text("QUEUE_PREFIX", "sealscript")
CELERY_TASK_IGNORE_RESULT = True
# Nobody commands workers through the broker, and two of one host name would claim the same queue of commands in RabbitMQ.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
SWEEP_SECONDS = env.number("SWEEP_SECONDS", 5, 1, 300)

# --- speech services ---------------------------------------------------------------------------------------------
ENGINE_HOST = env.text("ENGINE_HOST", "127.0.0.1")
ENGINE_PORT = env.number("ENGINE_PORT", PORT + 1 if PORT < 65535 else PORT - 1, 1, 65535)
ENGINE_URL = env.url("ENGINE_URL", f"http://{ENGINE_HOST}:{ENGINE_PORT}")
ENGINE_REGION = env.text("ENGINE_REGION", DEFAULT_REGION)
ENGINE_MODEL = env.text("ENGINE_MODEL", "base.en")
ENGINE_MODEL_DIR = env.directory("ENGINE_MODEL_DIR", DATA_DIR / "models")
ENGINE_WORKERS = env.number("ENGINE_WORKERS", 1, 1, 64)
OFFLINE = env.flag("OFFLINE")
CASEDEV_URL = env.url("CASEDEV_URL", "https://api.case.dev")
# Hosts (with port, if it is not the scheme's) that recordings may be sent to, beside the engine's own address.
EGRESS_HOSTS = env.listing("EGRESS_HOSTS", "api.case.dev")
CASEDEV_API_KEY = env.secret("CASEDEV_API_KEY")
CASEDEV_REGION = env.text("CASEDEV_REGION", "us")
CASEDEV_WEBHOOK_SECRET = env.secret("CASEDEV_WEBHOOK_SECRET")
CASEDEV_STANDARD_WEBHOOK_SECRET = env.secret("CASEDEV_STANDARD_WEBHOOK_SECRET")
CASEDEV_EVENTS_WEBHOOK_SECRET = env.secret("CASEDEV_EVENTS_WEBHOOK_SECRET")

# --- redaction ---------------------------------------------------------------------------------------------------
REDACTION_MODEL = env.text("REDACTION_MODEL", "")
# An operator's recognisers in Presidio's YAML, for every organization here.
REDACTION_RECOGNISERS = env.text("REDACTION_RECOGNISERS", "")
REDACTION_SECONDS = env.number("REDACTION_SECONDS", 600, 1, 86_400)

# --- people ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Member"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "portal.pages.signin.ClosedSignup"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "sealscript@localhost")
SAMPLE_DATA = EMBEDDED and env.flag("SAMPLE_DATA")

# --- pages and API -----------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "portal" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "media-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}
# Uploads never pass through Django's request body: what arrives here is forms and JSON.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
# Above every body that Django reads, so that no form field is ever spooled to a readable temporary file.
FILE_UPLOAD_MAX_MEMORY_SIZE = 16 * 2**20
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["portal.api.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.authentication.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.api.parsers.AnyJson"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "portal.api.problems.handle",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Sealscript",
    "DESCRIPTION": (
        "Vaults, presigned URLs and transcriptions. case.dev's official client works with `base_url` set to this `/api`.\n\n"
        "**Keys**: `Authorization: Bearer sk_…`, made by an administrator with `manage.py create_api_key`. A key acts as its "
        "member, within its scopes.\n\n"
        "**What is read**: the view with private details hidden that the key's audience may see; `redaction` says which "
        "policy. `redact_pii: false` is accepted and overruled; `redact_pii_policies` may hide more. A recording's "
        "`downloadUrl` gives the silenced copy unless the key has the scope `object:original`.\n\n"
        "**Repeating**: with an `Idempotency-Key` the same request has the same answer for 24 hours. Without one, an identical "
        "request for a transcription within ten minutes gives the one that is under way.\n\n"
        "**A matter's words**: `/api/v1/vaults/{vault_id}/words` reads and changes its parties and what is always hidden and "
        "always shown; its transcripts are then checked again. Changing, and reading what is always hidden, takes the scope "
        "`vault:change`.\n\n"
        "**What waits for people**: `/api/v1/review` lists held transcripts, held audio and open doubts, without content.\n\n"
        "**Only on the pages, on purpose**: your organization's own patterns, policies and the audience table (one line counts "
        "for many matters, and the page shows on a sample what it does); review decisions and releasing what is held (they say "
        "that a person has read or listened); reveals (for a person, with a purpose); making keys.\n\n"
        "**Errors**: RFC 9457 with `code` (see `/api/errors`) and `request_id`. **Lists**: `limit`, `cursor`.\n\n"
        "**Webhooks**: `webhook_url` is told when a transcription has ended, without its text. `X-Signature` is the hex "
        "HMAC-SHA256 of the raw body under the key's webhook secret (the whole `whsec_…` text); the same delivery carries "
        "Standard Webhooks' headers. It is repeated until a 2xx answer, for about three days."
    ),
    "ENUM_NAME_OVERRIDES": {
        "ConfirmStatus": ["completed", "failed"],
        "DeletionStatus": ["deleted", "deletion_queued"],
        "TranscriptionStatus": ["queued", "processing", "completed", "error"],
    },
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
}
LOG_LEVEL = env.text("LOG_LEVEL", "INFO")
LOGGING_CONFIG = "portal.logs.configure"
LOGGING: dict[str, Any] = {"level": LOG_LEVEL}
SILENCED_SYSTEM_CHECKS: list[str] = []
