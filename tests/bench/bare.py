"""The measure: an empty view behind the middleware of a new Django project.

Settings and URLs in one module. ``/limited/`` is the same view with one rate taken as the portal
takes it, for what a rate limit costs.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal import settings as portal

SECRET_KEY = "for an empty view only"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = __name__
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
# What ``startproject`` writes.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = portal.DATABASES
USE_TZ = True
CACHES = portal.CACHES
RATELIMIT_USE_CACHE = portal.RATELIMIT_USE_CACHE
SIGN_INS_PER_ADDRESS_MINUTE = portal.SIGN_INS_PER_ADDRESS_MINUTE
LOGGING_CONFIG = None


@login_not_required
def empty(request: HttpRequest) -> HttpResponse:
    """Nothing."""
    return HttpResponse()


@login_not_required
def limited(request: HttpRequest) -> HttpResponse:
    """Nothing, counted."""
    from accounts import limits

    usage = limits.take("sign_ins_per_address", request.META["REMOTE_ADDR"])
    return HttpResponse(status=429 if usage.over else 200)


urlpatterns = [path("", empty), path("limited/", limited)]
