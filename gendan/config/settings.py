"""One settings file, read from the environment and from Gendan's home.

`GENDAN_HOME` holds the database, the files and the secrets; `DATABASE_URL` points at another
PostgreSQL 18 instead of the embedded one. See `docs/running.md`.
"""

import json
import os

from django.utils.translation import gettext_lazy as _

from gendan.config import assets, database, home, sign_ins

DEBUG = os.environ.get("GENDAN_DEBUG") == "1"
DEMO = os.environ.get("GENDAN_DEMO") == "1"
SERVED = os.environ.get("GENDAN_SERVED") == "1"  # set by `gendan serve` for its processes
SECRET_KEY = home.secret("django")
ALLOWED_HOSTS = os.environ.get("GENDAN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
PUBLIC_URL = os.environ.get("GENDAN_PUBLIC_URL", "http://127.0.0.1:8000")
HTTPS = PUBLIC_URL.startswith("https://")

ROOMS = [
    "ui",
    "journal",
    "people",
    "worklist",
    "catalog",
    "customers",
    "desk",
    "orders",
    "screening",
    "stock",
    "warehouse",
    "delivery",
    "insight",
    "channels",
    "portal",
    "config",
]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "django_htmx",
    "ninja",  # for the files of the API's document
    *(f"gendan.{room}" for room in ROOMS),
]

MIDDLEWARE = [
    "gendan.config.middleware.Observed",
    "gendan.config.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gendan.config.middleware.Storable",
    "gendan.config.middleware.Language",
    "gendan.people.middleware.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "gendan.config.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gendan.config.frame.frame",
            ],
            "builtins": ["gendan.ui.templatetags.ui"],
        },
    }
]

DATABASES = {"default": database.settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["gendan.people.backends.LockingBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "gendan.people.passwords.NotUsedBefore"},
]
DEMO_ACCOUNTS = sign_ins.kept if DEMO else list
LOGIN_URL = "sign-in"
SESSION_ENGINE = "gendan.people.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGE_COOKIE_NAME = "gendan_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = assets.BUILT
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(home.path("files"))},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if SERVED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not SERVED
WHITENOISE_MAX_AGE = 3600  # for names without a hash; hashed names are kept for ever

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("GENDAN_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("GENDAN_SMTP_PORT", "8025"))
EMAIL_HOST_USER = os.environ.get("GENDAN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("GENDAN_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("GENDAN_SMTP_TLS") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("GENDAN_MAIL_FROM", "gendan@localhost")

UNPAID_HOURS = int(os.environ.get("GENDAN_UNPAID_HOURS", "72"))  # then an unpaid order is closed

PACKAGING_G = int(os.environ.get("GENDAN_PACKAGING_G", "100"))  # a parcel's box and filling
WEIGHT_TOLERANCE_PERCENT = int(os.environ.get("GENDAN_WEIGHT_TOLERANCE_PERCENT", "10"))
WEIGHT_TOLERANCE_G = int(os.environ.get("GENDAN_WEIGHT_TOLERANCE_G", "50"))
FEE_TOLERANCE_FEN = int(os.environ.get("GENDAN_FEE_TOLERANCE_FEN", "10"))  # on a carrier's bill
WRITE_BACK_HOURS = int(os.environ.get("GENDAN_WRITE_BACK_HOURS", "4"))  # then a platform waits

KUAIDI100_URL = os.environ.get("GENDAN_KUAIDI100_URL", "https://poll.kuaidi100.com")
KUAIDI100_CUSTOMER = os.environ.get("GENDAN_KUAIDI100_CUSTOMER", "")
KUAIDI100_KEY = os.environ.get("GENDAN_KUAIDI100_KEY", "")
KUAIDI100_SALT = os.environ.get("GENDAN_KUAIDI100_SALT", "")
# Shops whose platform has an API: {"TB": {"url": …, "app_key": …, "secret": …, "session": …}}
SHOP_ACCOUNTS = json.loads(os.environ.get("GENDAN_SHOP_ACCOUNTS", "{}"))
COMPLETE_AFTER_DAYS = int(os.environ.get("GENDAN_COMPLETE_AFTER_DAYS", "7"))
PROCRASTINATE_IMPORT_PATHS = [
    "gendan.channels.kuaidi100.tasks",
    "gendan.channels.publishing.tasks",
    "gendan.channels.reconciling.tasks",
]

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50_000
LOGGING_CONFIG = "gendan.config.logs.configure"
LOGGING = {"level": os.environ.get("GENDAN_LOG_LEVEL", "INFO")}
SILENCED_SYSTEM_CHECKS: list[str] = []
