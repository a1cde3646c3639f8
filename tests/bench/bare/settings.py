"""What ``startproject`` writes, on the servers of the run and with its cheap hash."""

from portal import settings as portal

DATABASE = "plain"  # beside the portal's, on the same server

SECRET_KEY = "for an empty view only"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "tests.bench.bare.urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
_PAGES = {
    "login.html": "<form method=post>{% csrf_token %}{{ form.as_p }}<button>Log in</button></form>",
    "home.html": "<p>{{ user.username }}</p>",
}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [("django.template.loaders.locmem.Loader", _PAGES)],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
DATABASES = {"default": {**portal.DATABASES["default"], "NAME": DATABASE}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = portal.PASSWORD_HASHERS
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/home/"
USE_TZ = True
CACHES = portal.CACHES
RATELIMIT_USE_CACHE = portal.RATELIMIT_USE_CACHE
SIGN_INS_PER_ADDRESS_MINUTE = portal.SIGN_INS_PER_ADDRESS_MINUTE
LOGGING_CONFIG = None
