"""Every setting, typed, from the environment; loud when malformed. Names are explained in docs/configure.md."""

from pathlib import Path
from typing import Any

import environ
import structlog
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Set by `manage.py up` and `manage.py test` only: demo data, development outbox, development certificates.
DEVELOPMENT: bool = env.bool("DEVELOPMENT", default=False)
DEBUG: bool = env.bool("DEBUG", default=False)
SECRET_KEY: str = env.str("SECRET_KEY")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL: str = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
STATE_DIR = Path(env.str("STATE_DIR", default=str(BASE_DIR / ".state")))

# What this installation calls itself.
PORTAL_NAME: str = env.str("PORTAL_NAME", default="Một Cửa")
PORTAL_PLACE: str = env.str("PORTAL_PLACE", default="Thành phố Hồ Chí Minh")
PORTAL_HOTLINE: str = env.str("PORTAL_HOTLINE", default="1022")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "portal.kit",
    "identity.people",
    "identity.offices",
    "identity.trail",
    "services.catalogue",
    "services.forms",
    "services.fees",
    "services.documents",
    "services.notices",
    "services.cases",
    "services.reports",
    "services.editor",
]
if DEVELOPMENT:
    INSTALLED_APPS.append("portal.dev")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.kit.middleware.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.kit.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.kit.middleware.RequestLogMiddleware",
    "services.documents.limits.BodyLimitMiddleware",
    "portal.kit.middleware.AccessMiddleware",
    "portal.kit.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
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
                "portal.kit.context.portal",
                "identity.offices.context.official",
                "services.notices.context.inbox",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "portal.kit.templatetags.portal"],
        },
    },
]
FORM_RENDERER = "portal.kit.forms.Renderer"

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **env.db_url("DATABASE_URL"),
        "ENGINE": "django.db.backends.postgresql",
        # Kept connections: the default of one connection per task halves what a worker does.
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": True,
        # JIT costs more than it saves on short queries.
        "OPTIONS": {"options": "-c jit=off -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000"},
        "TEST": {"NAME": env.str("TEST_DATABASE_NAME", default="test_motcua")},
    }
}
REDIS_URL: str = env.str("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "cache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static" / "build"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(STATE_DIR / "media")))
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if S3_BUCKET := env.str("S3_BUCKET", default=""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": S3_BUCKET, "endpoint_url": env.str("S3_ENDPOINT_URL", default=None), "file_overwrite": False},
    }

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["identity.people.backends.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "full_name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home_of_person"
LOGOUT_REDIRECT_URL = "home"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
# Work accounts sign in again every working day.
OFFICIAL_SESSION_SECONDS: int = env.int("OFFICIAL_SESSION_SECONDS", default=8 * 3600)

# django-allauth. Its "phone" is our contact: a phone number or an e-mail address, proved by a code sent there.
# Its own e-mail addresses and confirmation links are not used.
ACCOUNT_ADAPTER = "identity.people.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "identity.people.forms.LoginForm",
    "signup": "identity.people.forms.SignupForm",
    "verify_phone": "identity.people.forms.VerifyContactForm",
    "change_phone": "identity.people.forms.ChangeContactForm",
    "reset_password": "identity.people.forms.ResetPasswordForm",
    "confirm_password_reset_code": "identity.people.forms.ConfirmResetCodeForm",
    "reset_password_from_key": "identity.people.forms.NewPasswordForm",
    "change_password": "identity.people.forms.ChangePasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"phone", "username"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_CODE_FORMAT = ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
# A one-stop centre puts many people behind one address: the tight limits are per account and per contact.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/m/ip,5/300s/key",
    "signup": "30/m/ip",
    "verify_phone": "1/30s/key,30/m/ip",
    "change_phone": "5/m/user",
    "reset_password": "30/m/ip,3/m/key",
}
# How many proxies in front of the portal write X-Forwarded-For; 0: the address of the connection counts.
ALLAUTH_TRUSTED_PROXY_COUNT: int = env.int("TRUSTED_PROXY_COUNT", default=0)

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="smtp://localhost:25")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="Một Cửa <khong-tra-loi@motcua.example>")
# Takes {"to": "+84…", "text": "…", "reference": "…"} as JSON by POST; without it SMS are not sent (in development: kept).
SMS_URL: str = env.str("SMS_URL", default="")
SMS_TOKEN: str = env.str("SMS_TOKEN", default="")
# How accounts send their codes: apps below name it here, because imports go down only.
CODE_SENDER = "services.notices.actions.send_at_once"
# Messages to one person within this time leave as one.
NOTICE_WINDOW_SECONDS: int = env.int("NOTICE_WINDOW_SECONDS", default=300)
# Signs delivery reports of the SMS gateway and the mail server; without it they are not taken.
DELIVERY_REPORT_SECRET: str = env.str("DELIVERY_REPORT_SECRET", default="")
if SMS_URL and not SMS_URL.startswith(("https://", "http://")):
    raise environ.ImproperlyConfigured("SMS_URL must be an http or https address.")
# Of every account of the demonstration city.
DEMO_PASSWORD = "MotCua-2026" if DEVELOPMENT else ""
# Shows what would have been sent; only where no mail server is configured and only in development.
DEVELOPMENT_OUTBOX: bool = DEVELOPMENT and not env.str("EMAIL_URL", default="")
if DEVELOPMENT_OUTBOX:
    EMAIL_BACKEND = "services.notices.development.OutboxBackend"

# Celery
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "global_keyprefix": "celery:",
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_DEFAULT_QUEUE = "cases"
CELERY_TASK_ROUTES = {
    "documents.*": {"queue": "documents"},
    "cases.produce_document": {"queue": "documents"},
    "cases.send_digests": {"queue": "notices"},
    "cases.combine_photos": {"queue": "documents"},
    "cases.make_application_form": {"queue": "documents"},
    "cases.try_draft": {"queue": "documents"},
    "cases.make_export": {"queue": "documents"},
    # Codes overtake everything: nothing else goes into this queue.
    "notices.deliver_code": {"queue": "priority"},
    "notices.*": {"queue": "notices"},
}
SWEEP_SECONDS: int = env.int("SWEEP_SECONDS", default=15)
CELERY_BEAT_SCHEDULE = {
    "route what was not routed": {"task": "cases.sweep_events", "schedule": SWEEP_SECONDS},
    "produce what was not produced": {"task": "cases.sweep_documents", "schedule": SWEEP_SECONDS},
    "make forms that were not made": {"task": "cases.sweep_application_forms", "schedule": SWEEP_SECONDS},
    "make sheets that were not made": {"task": "cases.sweep_sheets", "schedule": SWEEP_SECONDS},
    "make lists that were not made": {"task": "cases.sweep_exports", "schedule": 60},
    "run trials that were not run": {"task": "cases.sweep_trials", "schedule": SWEEP_SECONDS},
    "count silence as agreement": {"task": "cases.sweep_silence", "schedule": 60},
    "go on moving cases": {"task": "cases.sweep_moves", "schedule": SWEEP_SECONDS},
    "go on with bulk actions": {"task": "cases.sweep_bulk", "schedule": SWEEP_SECONDS},
    "send what was not sent": {"task": "notices.sweep", "schedule": SWEEP_SECONDS},
    "send the morning's summary": {"task": "cases.send_digests", "schedule": crontab(minute="0,15,30,45", hour="7,8")},
    "forget codes": {"task": "notices.forget_codes", "schedule": crontab(hour=3, minute=10)},
    "scan what was not scanned": {"task": "documents.sweep_scans", "schedule": SWEEP_SECONDS},
    "finish what was uploaded": {"task": "cases.sweep_uploads", "schedule": SWEEP_SECONDS},
    "give up what was not uploaded": {"task": "documents.sweep_uploads", "schedule": 600},
    "write down supplements nobody answered": {"task": "cases.sweep_supplements", "schedule": crontab(minute="*/10")},
    "remind of supplements": {"task": "cases.remind_of_supplements", "schedule": crontab(minute=10)},
    "delete drafts that have run out": {"task": "cases.sweep_drafts", "schedule": crontab(minute=35)},
    "remind of steps": {"task": "cases.remind_officials", "schedule": crontab(minute="*/10")},
    "prepare apologies": {"task": "cases.draft_apologies", "schedule": crontab(minute="*/10")},
    "tell of overdue cases": {"task": "cases.tell_of_overdue", "schedule": crontab(minute="*/10")},
    "share out what waits": {"task": "cases.sweep_sharing", "schedule": 300},
    "return what nobody touches": {"task": "cases.sweep_claims", "schedule": 600},
    "return what was left behind": {"task": "cases.return_work", "schedule": crontab(minute=10)},
    "put due versions in force": {"task": "catalogue.start_due_versions", "schedule": crontab(minute=0)},
    "measure how long cases take": {"task": "reports.measure_turnaround", "schedule": crontab(hour=2, minute=20)},
}

# Documents and signatures
SIGNING_STORE: str = env.str("SIGNING_STORE", default=str(STATE_DIR / "signing") if DEVELOPMENT else "")
SIGNING_PASSPHRASE: str = env.str("SIGNING_PASSPHRASE", default="development" if DEVELOPMENT else "")
FONT_DIR = Path(env.str("FONT_DIR", default=str(BASE_DIR / "node_modules" / "@expo-google-fonts" / "tinos")))
UPLOAD_MAX_BYTES: int = env.int("UPLOAD_MAX_BYTES", default=20 * 1024 * 1024)
# Where files lie while they come in piece by piece: the same disk for all web and worker processes that share a case.
UPLOAD_SPOOL = Path(env.str("UPLOAD_SPOOL", default=str(MEDIA_ROOT / "spool")))
UPLOAD_EXPIRES_SECONDS: int = env.int("UPLOAD_EXPIRES_SECONDS", default=24 * 3600)
# tcp://host:port or unix:///path of ClamAV's daemon; without it files are not scanned for viruses.
CLAMD_URL: str = env.str("CLAMD_URL", default="")
if CLAMD_URL and not CLAMD_URL.startswith(("tcp://", "unix:///")):
    raise environ.ImproperlyConfigured("CLAMD_URL must begin with tcp:// or unix:///.")
# Days a draft is kept after it was last saved: in an account, and in a browser whose owner has not signed in.
DRAFT_DAYS: int = env.int("DRAFT_DAYS", default=90)
DRAFT_DAYS_ANONYMOUS: int = env.int("DRAFT_DAYS_ANONYMOUS", default=14)
# Working days an applicant has to answer a request for a supplement, unless the official gives another number.
SUPPLEMENT_ANSWER_DAYS: int = env.int("SUPPLEMENT_ANSWER_DAYS", default=15)
# Working hours after which a work item that its holder does not touch goes back to the queue; 0: never.
CLAIM_IDLE_HOURS: int = env.int("CLAIM_IDLE_HOURS", default=16)
if CLAIM_IDLE_HOURS and CLAIM_IDLE_HOURS <= 4:
    raise environ.ImproperlyConfigured("CLAIM_IDLE_HOURS must be 0 or more than 4: the holder is told four hours before.")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "services.documents.limits.FileLimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o640

# Security
CSRF_FAILURE_VIEW = "portal.kit.views.csrf_failure"
HTTPS: bool = env.bool("HTTPS", default=False)
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "portal.kit.problems.problem",
}
SPECTACULAR_SETTINGS = {"TITLE": "Một Cửa API", "VERSION": "1"}

# Logs: one JSON object per line, the libraries' own lines included; no personal data.
LOG_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
structlog.configure(
    processors=[*LOG_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": LOG_PROCESSORS,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
        "pyhanko": {"level": "ERROR"},
        "django.server": {"level": "WARNING"},
        # Its lines carry addresses, which may hold case numbers; our own line names the route.
        "django.request": {"level": "ERROR"},
    },
}
