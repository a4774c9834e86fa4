"""All settings; every deployment choice comes from the environment."""

from __future__ import annotations

import os
from pathlib import Path

import django_stubs_ext

from onelicense import environment as env

django_stubs_ext.monkeypatch()
env.check_names()

BASE_DIR = env.BASE_DIR
VAR_DIR = env.VAR
DEBUG = env.flag("DEBUG", default=True)
DEMO = env.flag("ONELICENSE_DEMO", default=DEBUG)
#: On one's own machine, over plain HTTP; anything else is production.
LOCAL = DEBUG or DEMO
SECRET_KEY = env.secret_key(local=LOCAL)
# Numbers on papers outlive a change of SECRET_KEY.
RECEIPT_KEY = os.environ.get("ONELICENSE_RECEIPT_KEY") or SECRET_KEY
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]")

# In production everything is HTTPS, behind a proxy that sets (and strips) this header.
SECURE_PROXY_SSL_HEADER = None if LOCAL else ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = not LOCAL
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not LOCAL
SECURE_HSTS_PRELOAD = not LOCAL
SESSION_COOKIE_SECURE = not LOCAL
CSRF_COOKIE_SECURE = not LOCAL

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "services.ledger",
    "services.dispatch",
    "services.registry",
    "services.catalogue",
    "services.accounts",
    "services.departments",
    "services.exchange",
    "services.cases",
    "services.api",
    "services.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "services.web.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "services.web.middleware.PlainText",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "services.web.middleware.Seat",
]

ROOT_URLCONF = "onelicense.urls"
WSGI_APPLICATION = "onelicense.wsgi.application"
ASGI_APPLICATION = "onelicense.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "services.web.context.page",
            ],
        },
    }
]

DATABASES = {
    "default": env.database("DATABASE_URL", default_file="onelicense.sqlite3"),
    "departments": env.database(
        "DEPARTMENTS_DATABASE_URL", default_file="departments.sqlite3"
    ),
}
DATABASE_ROUTERS = ["services.departments.router.DepartmentsRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "/sign-in/"
CSRF_FAILURE_VIEW = "services.web.errors.csrf_failed"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "services" / "web" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
_HASHED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _PLAIN if DEBUG else _HASHED},
}
UPLOAD_DIR = Path(os.environ.get("ONELICENSE_UPLOAD_DIR", VAR_DIR / "uploads"))
CATALOGUE_DIR = BASE_DIR / "fixtures" / "catalogue"
CALENDAR_DIR = BASE_DIR / "fixtures" / "calendar"

# 1: departments answer in real time, 0: at once.
TIME_SCALE = env.number("ONELICENSE_TIME_SCALE", default=1)
# Where the departments are; empty: in this process.
DEPARTMENTS_URL = env.address("ONELICENSE_DEPARTMENTS_URL")
# Their public keys, as JSON: a department's code and its Ed25519 key in base64.
DEPARTMENTS_KEYS = Path(
    os.environ.get("ONELICENSE_DEPARTMENTS_KEYS", VAR_DIR / "departments" / "keys.json")
)
# Where departments send what they answer too late.
ANSWERS_URL = env.address("ONELICENSE_ANSWERS_URL")

# The verification log: who signs it, under which name, and who remembers it for us.
LOG_KEY = Path(os.environ.get("ONELICENSE_LOG_KEY", VAR_DIR / "log" / "key.pem"))
LOG_ORIGIN = env.log_origin("ONELICENSE_LOG_ORIGIN", default="onelicense.example/log")
WITNESS = env.witness("ONELICENSE_WITNESS", keys="ONELICENSE_WITNESS_KEYS")
# Public keys as signed notes write them, NAME+ID+KEY: the log's, for processes that
# do not sign, and those of witnesses whose cosignatures are kept.
LOG_VERIFIER_KEY = os.environ.get("ONELICENSE_LOG_VERIFIER_KEY", "")
WITNESS_KEYS = env.names("ONELICENSE_WITNESS_KEYS", default="")
# Who may read it under /log/ without signing in.
LOG_TILES_PUBLIC = env.flag("ONELICENSE_LOG_TILES_PUBLIC", default=True)
LOG_ENTRIES_PUBLIC = env.flag("ONELICENSE_LOG_ENTRIES_PUBLIC", default=False)
# Departments are not asked while entries wait for their proof longer than this.
PROOF_GRACE = env.hours("ONELICENSE_PROOF_GRACE", default=4)

CELERY_BROKER_URL = env.broker_url()

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["services.api.tokens.BearerToken"],
    "DEFAULT_PERMISSION_CLASSES": ["services.api.access.SignedIn"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "services.api.errors.answer_error",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "OneLicense",
    "DESCRIPTION": "One licence number, any of 251 service items. Departments, "
    "companies and seals are simulated.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "CaseState": "services.cases.models.Case.State",
        "RequirementState": "services.cases.models.Requirement.State",
        "LineState": "services.exchange.models.Breaker.State",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
