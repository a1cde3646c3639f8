"""Django for the emulator: no database, no sessions, no applications."""

import secrets
from pathlib import Path

from django.utils.csp import CSP

from portal.emulator import config

CONFIG = config.read()
BASE_DIR = Path(__file__).resolve().parent.parent.parent

SECRET_KEY = secrets.token_urlsafe(32)
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ROOT_URLCONF = "portal.emulator.urls"
INSTALLED_APPS: list[str] = []
DATABASES: dict[str, dict] = {}
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
STATIC_URL = "/static/"
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

MIDDLEWARE = [
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "portal.emulator.middleware.Fence",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"context_processors": ["portal.emulator.phone.context"]},
    }
]

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "frame-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "emulator: %(message)s"}},
    # An ordered fault answers 500 too; only what the emulator itself does wrong is told.
    "filters": {
        "raised": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: bool(record.exc_info),
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["raised"]}
    },
    "loggers": {
        "django.request": {"level": "ERROR", "handlers": ["console"], "propagate": False},
        "django.security": {"level": "CRITICAL", "handlers": ["console"], "propagate": False},
        "django.server": {"level": "ERROR", "handlers": ["console"], "propagate": False},
        "mail.log": {"level": "ERROR", "handlers": ["console"], "propagate": False},
        "portal.emulator": {"level": "WARNING", "handlers": ["console"], "propagate": False},
    },
}
