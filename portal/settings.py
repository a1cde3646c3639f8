"""Every setting of the portal, read once from the environment by the typed readers of ``env``.

``PORTAL_PROFILE`` is ``development`` (default; emulator, SQLite, known keys), ``test`` or
``production`` (no defaults for secrets; ``portal/checks.py`` refuses what is unsafe). Each name
below that is read from the environment may also come from a file named in ``<NAME>_FILE``.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal import env, logs, servers
from portal.support import Support

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Profile -----------------------------------------------------------------------------------

PROFILE = env.choice("PORTAL_PROFILE", "development", ("development", "test", "production"))
PRODUCTION = PROFILE == "production"
TESTING = PROFILE == "test"
DEBUG = env.flag("DEBUG")

DEVELOPMENT_SECRET = "development only: anybody can read this key, so it protects nothing"  # noqa: S105
SECRET_KEY = env.text("SECRET_KEY", "" if PRODUCTION else DEVELOPMENT_SECRET)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")

PORTAL_BRAND = env.text("PORTAL_BRAND", "Client Portal")
PORT = env.number("PORT", 8000, least=1, most=65535)
EMULATOR_PORT = env.number("EMULATOR_PORT", 8010, least=1, most=65535)
SMTP_PORT = env.number("SMTP_PORT", 8025, least=1, most=65535)
# Where the demo keeps its database and files.
DEMO_DIR = Path(env.text("DEMO_DIR", str(BASE_DIR / ".demo"))).resolve()
if not PRODUCTION:
    DEMO_DIR.mkdir(parents=True, exist_ok=True)

# --- Address, proxies, transport ---------------------------------------------------------------

PUBLIC_BASE_URL = env.origin("PUBLIC_BASE_URL", "" if PRODUCTION else f"http://localhost:{PORT}")
PUBLIC_HOST = urlsplit(PUBLIC_BASE_URL).hostname or ""
HTTPS = PUBLIC_BASE_URL.startswith("https://")

_LOCAL_HOSTS = [] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = [
    host
    for host in (PUBLIC_HOST, *env.words("PORTAL_HOSTS", pattern=r"[A-Za-z0-9.:\[\]-]+"))
    if host
] + _LOCAL_HOSTS

# How many proxies write X-Forwarded-For, and from which networks they connect. Production has to
# say so, if only 0: a wrong count lets a client choose the address it is limited by.
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", None if PRODUCTION else 0, most=5)
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES", ["127.0.0.0/8", "::1/128"])

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_SSL_REDIRECT = HTTPS
# Probes and scrapers reach the process itself, over plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
}

_COOKIE = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_COOKIE}sid"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = f"{_COOKIE}csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL] if PUBLIC_BASE_URL else []
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
LANGUAGE_COOKIE_NAME = f"{_COOKIE}language"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 86400
# The browser's half of a sign-in attempt, and the mark of a browser that has signed in before.
ATTEMPT_COOKIE_PREFIX = f"{_COOKIE}attempt-"
DEVICE_COOKIE_NAME = f"{_COOKIE}device"
DEVICE_COOKIE_AGE = 365 * 86400
# The browser's half of a question to a passkey that was put before anybody said who they are.
PASSKEY_COOKIE_NAME = f"{_COOKIE}passkey"
# What shows its own request for a new way to sign in to a browser.
RECOVERY_COOKIE_NAME = f"{_COOKIE}recovery"

# The largest form of the portal is far below; everything larger is answered with 400 before it is
# read. What systems deliver has bounds of its own, by path; Django's bound is the widest of all.
BODY_MAX = 64 * 1024
DOCUMENT_MAX = env.number("DOCUMENT_MAX_MB", 10, least=1, most=50) * 1024 * 1024
BODIES_MAX = {
    "/api/v1/figures": 512 * 1024,
    "/api/v1/documents": DOCUMENT_MAX // 3 * 4 + BODY_MAX,
}
DATA_UPLOAD_MAX_MEMORY_SIZE = max(BODY_MAX, *BODIES_MAX.values())
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
DATA_UPLOAD_MAX_NUMBER_FILES = 4
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# --- Application -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "accounts",
    "sls",
    "portal",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_htmx",
    "lucide",
]

MIDDLEWARE = [
    "portal.headers.HeadersMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "portal.headers.RequestIdMiddleware",
    "portal.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.origin.OriginMiddleware",
    "accounts.sessions.middleware.KeyMiddleware",
    # Stands in for Django's AuthenticationMiddleware and for OTPMiddleware: session row, user
    # and device with one query.
    "accounts.sessions.middleware.SessionRowMiddleware",
    "accounts.users.locale.UserLocaleMiddleware",
    "accounts.ip_restrictions.middleware.RestrictionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.bodies.BodyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "sls.screen_lock.middleware.LockMiddleware",
    "sls.incident.middleware.LimitedMiddleware",
    "accounts.sessions.middleware.SignInMiddleware",
    "sls.enrolment.middleware.GateMiddleware",
    "portal.console.access.AccessMiddleware",
    "sls.step_up.middleware.StepUpMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
APPEND_SLASH = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "portal.folding.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context_processors.portal",
            ],
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:
    # The suite signs in hundreds of times; what the real hash costs is measured by the bench.
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ja", "日本語")]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
# Every client of a test makes the middleware anew; reading all files each time is a tenth of it.
WHITENOISE_AUTOREFRESH = PROFILE == "test"
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "portal.storage.HashedStaticFiles"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Database, cache, sessions, worker ---------------------------------------------------------

DATABASES = {
    "default": servers.database(
        "DATABASE_URL",
        # Production has no default; the check names what is missing.
        f"sqlite:///{DEMO_DIR / 'portal.sqlite3'}",
        pool=env.number("DATABASE_POOL", 10 if PRODUCTION else 0, most=100),
        test_name=str(DEMO_DIR / "test.sqlite3"),
    )
}

# A running demo writes where its broker listens, so that commands in another terminal reach it.
_DEMO_BROKER = DEMO_DIR / "redis.url"
REDIS_URL = env.url(
    "REDIS_URL",
    _DEMO_BROKER.read_text().strip() if _DEMO_BROKER.is_file() else "redis://localhost:6379/0",
    schemes=servers.REDIS_SCHEMES,
)


def _cache(offset: int, prefix: str, backend: str = "RedisCache") -> dict:
    return {
        "BACKEND": f"portal.cache.{backend}",
        "LOCATION": servers.redis_database(REDIS_URL, offset),
        "KEY_PREFIX": prefix,
        "OPTIONS": {
            "serializer": "portal.cache.JsonSerializer",
            "socket_timeout": 2,
            # One new try at once, for a connection the server closed while idle; no waiting.
            "retry": Retry(NoBackoff(), 1),
        },
    }


# Databases of their own: clearing one never empties the broker's queue.
CACHES = {
    "default": _cache(1, "portal"),
    "limits": _cache(2, "limits"),
    "rates": _cache(2, "limits", "RatesCache"),
}
RATELIMIT_USE_CACHE = "rates"
SESSION_ENGINE = "accounts.sessions.store"
SESSION_CACHE_ALIAS = "default"

CELERY_BROKER_URL = servers.celery_broker(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker waits for its broker for ever instead of giving up after a hundred tries.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TIMEZONE = "UTC"
# A page publishes after commit and never waits for a broker that is down: the row stays queued
# and the sweep sends it later.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
    "max_retries": 0,
    # Unacknowledged tasks return after this many seconds.
    "visibility_timeout": 300,
}
# In memory: the intervals are short, and no file has to outlive beat.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
# After an outage one of these is enough; the others were only waiting for a worker.
_SOON = {"schedule": timedelta(seconds=5), "options": {"expires": 10}}
_PURGED = (
    *("accounts.outbox", "accounts.challenges", "accounts.lockout", "accounts.sessions"),
    *("accounts.holds", "accounts.contacts", "accounts.ip_restrictions", "accounts.api_tokens"),
    "accounts.automation",
    *("sls.cards", "sls.enrolment", "sls.login", "sls.step_up", "sls.methods.ib_key"),
    *("sls.recovery", "sls.decisions"),
)
CELERY_BEAT_SCHEDULE = {
    "transactions without an answer": {
        "task": "accounts.transactions.tasks.expire",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 50},
    },
    "worker heartbeat": {"task": "portal.tasks.heartbeat", **_SOON},
    "outbox sweep": {"task": "accounts.outbox.tasks.sweep", **_SOON},
    "codes that were used": {"task": "accounts.challenges.tasks.tell_used", **_SOON},
    "telephone watch": {"task": "accounts.outbox.tasks.watch", **_SOON},
    "figures of the telephone": {
        "task": "accounts.outbox.tasks.refresh_figures",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 50},
    },
    "policy announcements": {
        "task": "sls.policy.tasks.tell",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 50},
    },
    "recoveries that wait": {
        "task": "sls.recovery.tasks.tick",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 240},
    },
    "thaws that are due": {
        "task": "sls.incident.tasks.thaw_due",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 50},
    },
    # Hourly, for the same reason as the purges; each chain is signed once a day.
    "tokens that end": {
        "task": "accounts.api_tokens.tasks.tell",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 240},
    },
    "requests that nobody decided": {
        "task": "accounts.approvals.tasks.end_over_requests",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 240},
    },
    "checkpoints of the audit": {
        "task": "accounts.audit.tasks.checkpoint_all",
        "schedule": timedelta(hours=1),
    },
    "cards in use by themselves": {
        "task": "sls.methods.dsc_plus.tasks.require_due",
        "schedule": timedelta(hours=1),
    },
    "weeks that end": {
        "task": "accounts.sessions.tasks.tell",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 240},
    },
    "encryption of the public address": {
        "task": "portal.tls.tasks.watch",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3000},
    },
    "passcodes that end": {
        "task": "sls.methods.temporary_passcode.tasks.expire_due",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 240},
    },
    "online cards that end": {
        "task": "sls.methods.online_card.tasks.expire_due",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 240},
    },
    "digests": {
        "task": "accounts.digest.tasks.send",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3000},
    },
    "ip restrictions that turn": {
        "task": "accounts.ip_restrictions.tasks.settle",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 50},
    },
    # Hourly: beat forgets when it stops, and a day might never pass without a restart.
    **{
        f"{room} purge": {"task": f"{room}.tasks.purge", "schedule": timedelta(hours=1)}
        for room in _PURGED
    },
}

# --- Twilio and mail ---------------------------------------------------------------------------

TWILIO_MODE = env.choice(
    "TWILIO_MODE", "live" if PRODUCTION else "emulator", ("live", "sandbox", "emulator")
)
_EMULATED = TWILIO_MODE == "emulator"
TWILIO_ACCOUNT_SID = env.text(
    "TWILIO_ACCOUNT_SID",
    "AC00000000000000000000000000000001" if _EMULATED else "",
    pattern=r"AC[0-9a-fA-F]{32}",
)
# The first signs for the portal; callbacks signed with any of them are genuine, so that a token
# can be exchanged without a gap.
TWILIO_AUTH_TOKENS = env.words("TWILIO_AUTH_TOKENS") or env.words(
    "TWILIO_AUTH_TOKEN", ["emulator_auth_token"] if _EMULATED else []
)
TWILIO_API_KEY = env.text("TWILIO_API_KEY", pattern=r"SK[0-9a-fA-F]{32}")
TWILIO_API_SECRET = env.text("TWILIO_API_SECRET")
TWILIO_FROM = env.text(
    "TWILIO_FROM", "" if TWILIO_MODE == "live" else "+15005550006", pattern=r"\+[1-9][0-9]{6,14}"
)
TWILIO_MESSAGING_SERVICE_SID = env.text(
    "TWILIO_MESSAGING_SERVICE_SID", pattern=r"MG[0-9a-fA-F]{32}"
)
TWILIO_API_BASE = env.origin(
    "TWILIO_API_BASE", f"http://localhost:{EMULATOR_PORT}" if _EMULATED else ""
)
TWILIO_TIMEOUT = env.duration("TWILIO_TIMEOUT", 10, least=1, most=60)
# Language and voice of calls; the voice has to speak the language. "none" leaves it to Twilio.
TWILIO_VOICES = {
    "en": ("en-US", env.text("TWILIO_VOICE_EN", "Polly.Joanna", pattern=r"[A-Za-z0-9.-]+")),
    "ja": ("ja-JP", env.text("TWILIO_VOICE_JA", "Polly.Kazuha-Neural", pattern=r"[A-Za-z0-9.-]+")),
}
# What carries messages; "memory" keeps them in the process, for tests.
TELEPHONE_GATEWAY = "twilio"
MAIL_GATEWAY = "smtp"
PUSH_GATEWAY = "web_push"
HOOK_GATEWAY = "http"
# Who tells the kind of a line and changes of SIM. Twilio sells that by the look-up; with "none"
# nothing is known. A code for a sensitive action waits no longer than LOOKUP_TIMEOUT for it.
NUMBER_INTELLIGENCE = env.choice("NUMBER_INTELLIGENCE", "twilio", ("twilio", "none"))
LOOKUP_TIMEOUT = env.duration("LOOKUP_TIMEOUT", 3, least=1, most=30)

MAILERS = {
    "default": servers.mailer("EMAIL_URL", f"smtp://localhost:{SMTP_PORT}", timeout=TWILIO_TIMEOUT)
}
_MAIL_HOST = PUBLIC_HOST or "localhost"
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", f"{PORTAL_BRAND} <security@{_MAIL_HOST}>")

SUPPORT = Support.from_environment(senders=[DEFAULT_FROM_EMAIL, TWILIO_FROM])

# --- Keys at rest ------------------------------------------------------------------------------

# A folder with one file a key, named by the key's id, 32 bytes in hex or Base64. Without it the
# development key is used, which production refuses.
KEK_DIR = env.text("KEK_DIR")
KEK_ACTIVE = env.text("KEK_ACTIVE", "" if PRODUCTION else "dev", pattern=r"[A-Za-z0-9._-]{1,64}")

# --- Decided values ----------------------------------------------------------------------------

# Codes and sends (seconds, counts).
SECURITY_CODE_LIFE = env.duration("SECURITY_CODE_LIFE", 300, least=60, most=600)
# A device has to be fetched and set up first, within the time that a session may be idle.
ENROLMENT_LIFE = env.duration("ENROLMENT_LIFE", 600, least=60, most=900)
EMAIL_CODE_LIFE = env.duration("EMAIL_CODE_LIFE", 1800, least=300, most=86400)
TRIES_PER_CHALLENGE = env.number("TRIES_PER_CHALLENGE", 5, least=1, most=10)
FIRST_RESEND_AFTER = env.duration("FIRST_RESEND_AFTER", 30)
RESEND_AFTER = env.duration("RESEND_AFTER", 60)
SENDS_PER_CHALLENGE = env.number("SENDS_PER_CHALLENGE", 5, least=1)
SENDS_PER_NUMBER_DAY = env.number("SENDS_PER_NUMBER_DAY", 10, least=1)
CONTACT_SENDS_PER_NUMBER_DAY = env.number("CONTACT_SENDS_PER_NUMBER_DAY", 5, least=1)
SENDS_PER_ADDRESS_HOUR = env.number("SENDS_PER_ADDRESS_HOUR", 60, least=1)
SENDS_PER_PREFIX_HOUR = env.number("SENDS_PER_PREFIX_HOUR", 200, least=1)
SENDS_PER_HOUR = env.number("SENDS_PER_HOUR", 5000, least=1)
# Codes to strangers in one range of numbers within an hour before it is judged, and the per cent of
# them that has to be used: below that the range is stopped.
SPENDING_LEAST = env.number("SPENDING_LEAST", 20, least=5)
SPENDING_SHARE = env.number("SPENDING_SHARE", 15, least=1, most=90)
# Messages of a channel within five minutes before its carrier is judged, and the per cent of
# failures from which another channel comes first.
OUTAGE_LEAST = env.number("OUTAGE_LEAST", 10, least=3)
OUTAGE_SHARE = env.number("OUTAGE_SHARE", 50, least=5, most=100)
OUTBOX_KEEP_DAYS = env.number("OUTBOX_KEEP_DAYS", 90, least=2)
# How long a webhook is tried, how long its receiver may take, and how many are on the way at once.
# With a file of certificates only receivers that these vouch for are trusted.
WEBHOOK_LIFE_HOURS = env.number("WEBHOOK_LIFE_HOURS", 24, least=1, most=72)
WEBHOOK_TIMEOUT = env.duration("WEBHOOK_TIMEOUT", 5, least=1, most=10)
WEBHOOKS_AT_ONCE = env.number("WEBHOOKS_AT_ONCE", 2, least=1, most=50)
WEBHOOK_CA_FILE = env.text("WEBHOOK_CA_FILE")
CHALLENGE_KEEP_DAYS = env.number("CHALLENGE_KEEP_DAYS", 30, least=1)
COUNTRIES_SERVED = env.words(
    "COUNTRIES_SERVED",
    env.parts("US CA GB IE DE AT CH FR BE NL LU IT ES PT SE NO DK FI PL CZ JP HK SG AU NZ"),
    pattern=r"[A-Z]{2}",
)

# Flagged transactions: for how long the client is waited for. Silence keeps them held.
TRANSACTION_ANSWER_HOURS = env.number("TRANSACTION_ANSWER_HOURS", 24, least=1, most=168)

# Sign-in.
ATTEMPT_LIFE = env.duration("ATTEMPT_LIFE", 900, least=60, most=3600)
SWITCHES_PER_ATTEMPT = env.number("SWITCHES_PER_ATTEMPT", 10, least=1, most=50)
CHALLENGES_PER_ATTEMPT = env.number("CHALLENGES_PER_ATTEMPT", 3, least=1, most=5)
SIGN_INS_PER_ADDRESS_MINUTE = env.number("SIGN_INS_PER_ADDRESS_MINUTE", 30, least=1)
# Wrong activation codes for one name, over all mails, before staff have to unlock it.
ACTIVATION_FAILURES = env.number("ACTIVATION_FAILURES", 20, least=5, most=100)

# Passwords, and the lock that wrong ones lead to.
PASSWORD_FAILURES_SLOWED = env.number("PASSWORD_FAILURES_SLOWED", 5, least=1)
PASSWORD_FAILURES = env.number("PASSWORD_FAILURES", 10, least=1)
PASSWORD_LOCK_HOURS = env.number("PASSWORD_LOCK_HOURS", 24, least=1)
PASSWORD_MIN = env.number("PASSWORD_MIN", 12, least=8, most=64)
PASSWORD_MAX = env.number("PASSWORD_MAX", 256, least=64, most=4096)
# How many of the last passwords are not to come again, and the memory (KiB) of the hash under which
# they are kept; with another one, those kept before are found no more.
PASSWORD_HISTORY = env.number("PASSWORD_HISTORY", 10, least=1, most=50)
PASSWORD_HISTORY_MEMORY = 64 if TESTING else 102_400
# The age of a password at which a change is suggested, and for how many days that is put off.
PASSWORD_AGE_DAYS = env.number("PASSWORD_AGE_DAYS", 365, least=30, most=3650)
PASSWORD_POSTPONE_DAYS = env.number("PASSWORD_POSTPONE_DAYS", 30, least=1, most=365)
# Places for the slow hash in one process, and how long a sign-in waits for one.
HASH_SLOTS = env.number("HASH_SLOTS", 2, least=1, most=64)
HASH_WAIT = env.duration("HASH_WAIT", 5, least=1, most=30)

# Authenticators.
# Wrong answers in a row, over all challenges, that disable an authenticator.
SMS_FAILURES = env.number("SMS_FAILURES", 20, least=1)
AUTHENTICATOR_APP_FAILURES = env.number("AUTHENTICATOR_APP_FAILURES", 20, least=1)
PASSKEY_FAILURES = env.number("PASSKEY_FAILURES", 10, least=1)
BACKUP_CODE_FAILURES = env.number("BACKUP_CODE_FAILURES", 10, least=1)
PASSCODE_FAILURES = env.number("PASSCODE_FAILURES", 10, least=3, most=10)
ONLINE_CARD_FAILURES = env.number("ONLINE_CARD_FAILURES", 10, least=3, most=10)
# Days for which a temporary passcode opens everything, then only the page of the online security
# code card, and for which that card is good.
PASSCODE_DAYS = env.number("PASSCODE_DAYS", 2, least=1, most=7)
PASSCODE_CARD_DAYS = env.number("PASSCODE_CARD_DAYS", 10, least=1, most=30)
ONLINE_CARD_DAYS = env.number("ONLINE_CARD_DAYS", 21, least=1, most=60)
# Whether a passkey may be copied by its maker's cloud; without, only security keys and the like.
PASSKEYS_MAY_SYNC = env.flag("PASSKEYS_MAY_SYNC", default=True)
# What a new set of backup codes is hashed with: scrypt's N is 2 to the power of it.
BACKUP_CODE_COST = 4 if TESTING else env.number("BACKUP_CODE_COST", 14, least=14, most=17)

# The card (DSC+): seconds of a challenge, tries of it, wrong answers in a row, challenges in ten
# minutes, and days from mailing until it is in use by itself.
CARD_CHALLENGE_LIFE = env.duration("CARD_CHALLENGE_LIFE", 180, least=60, most=600)
CARD_TRIES = env.number("CARD_TRIES", 3, least=1, most=5)
CARD_FAILURES = env.number("CARD_FAILURES", 10, least=3, most=10)
CARD_CHALLENGES = env.number("CARD_CHALLENGES", 5, least=3, most=20)
IB_KEY_CHALLENGE_LIFE = env.duration("IB_KEY_CHALLENGE_LIFE", 180, least=60, most=600)
IB_KEY_TRIES = env.number("IB_KEY_TRIES", 5, least=1, most=5)
IB_KEY_FAILURES = env.number("IB_KEY_FAILURES", 10, least=3, most=10)
IB_KEY_PUSHES = env.number("IB_KEY_PUSHES", 3, least=1, most=10)  # in ten minutes, without success
IB_KEY_ACTIVATION_LIFE = env.duration("IB_KEY_ACTIVATION_LIFE", 600, least=120, most=1800)
IB_KEY_SESSION_LIFE = env.duration("IB_KEY_SESSION_LIFE", 300, least=60, most=900)
IB_KEY_CLOCK = env.duration("IB_KEY_CLOCK", 300, least=60, most=900)
# Whose push services may be asked to deliver: a subscription is an address that a phone names, and
# nothing else may be fetched because somebody named it.
IB_KEY_PUSH_HOSTS = env.words(
    "IB_KEY_PUSH_HOSTS",
    [
        "fcm.googleapis.com",
        "updates.push.services.mozilla.com",
        "*.push.apple.com",
        "*.notify.windows.com",
    ],
)
IB_KEY_PUSH_CONTACT = env.text("IB_KEY_PUSH_CONTACT", "mailto:security@localhost")
CARD_RESERVE_USD = env.number("CARD_RESERVE_USD", 20, most=1000)
CARD_THRESHOLD_USD = env.number("CARD_THRESHOLD_USD", 500_000)
CARD_REQUIRED_DAYS = env.number("CARD_REQUIRED_DAYS", 14, least=1, most=60)
# Business days until a requested card is sent, and from when to when one shows that was sent back.
CARD_SHIP_DAYS = env.number("CARD_SHIP_DAYS", 2, least=1, most=30)
CARD_RETURN_DAYS = (3, 5)
CARD_CARRIERS = ("UPS", "FedEx", "DHL", "USPS Express")
# US dollars for a unit of a currency, to tell who may request a card.
CARD_FX = env.rates(
    "CARD_FX",
    {
        "USD": "1",
        "EUR": "1.08",
        "GBP": "1.27",
        "CHF": "1.12",
        "CAD": "0.73",
        "AUD": "0.66",
        "JPY": "0.0067",
        "HKD": "0.128",
        "INR": "0.012",
        "SGD": "0.74",
    },
)
# Where cards are sent back to, line by line.
CARD_RETURN_ADDRESS = [
    line.strip()
    for line in env.text(
        "CARD_RETURN_ADDRESS",
        "Example Brokerage LLC; Security cards; 200 Harbour Street; San Francisco, CA 94111",
    ).split(";")
]

# Coming back in: wrong codes by mail for one name in a day, before no further one is judged; hours
# that a new way to sign in is waited for, that it can be used afterwards, and before its time that
# every contact is reminded.
RECOVERY_FAILURES = env.number("RECOVERY_FAILURES", 10, least=5, most=100)
RECOVERY_WAIT_HOURS = env.number("RECOVERY_WAIT_HOURS", 72, least=24, most=720)
RECOVERY_OPEN_HOURS = env.number("RECOVERY_OPEN_HOURS", 72, least=24, most=720)
RECOVERY_REMIND_HOURS = env.number("RECOVERY_REMIND_HOURS", 24, least=1, most=72)

# Policies "phishing-resistant only": the days between telling and demanding, and the legal entities
# whose new clients begin with a passkey.
POLICY_NOTICE_DAYS = env.number("POLICY_NOTICE_DAYS", 14, least=1, most=365)
PASSKEY_DEFAULT_ENTITIES = env.words("PASSKEY_DEFAULT_ENTITIES", pattern="US|JP|CA|HK|IN|IE")

# Sessions.
IDLE_MINUTES = env.number("IDLE_MINUTES", 15, least=1, most=60)
STAFF_IDLE_MINUTES = env.number("STAFF_IDLE_MINUTES", 10, least=1, most=60)
PUBLIC_IDLE_MINUTES = env.number("PUBLIC_IDLE_MINUTES", 5, least=1, most=60)
# Sessions of trading platforms end once a week, on Sunday at this hour of New York unless the
# client chooses another; minutes without a call, and how long before the end its owner is told.
WEEK_ENDS_ZONE, WEEK_ENDS_HOUR = "America/New_York", env.number("WEEK_ENDS_HOUR", 1, most=23)
TWS_IDLE_MINUTES = env.number("TWS_IDLE_MINUTES", 60, least=5, most=10_080)
API_IDLE_MINUTES = env.number("API_IDLE_MINUTES", 60, least=5, most=10_080)
WEEK_REMINDER_HOURS = env.number("WEEK_REMINDER_HOURS", 24, least=1, most=72)
# How long the mobile app is entered again without a new sign-in, and behind biometrics.
MOBILE_HOURS = env.number("MOBILE_HOURS", 12, least=1, most=24)
MOBILE_BIOMETRIC_HOURS = env.number("MOBILE_BIOMETRIC_HOURS", 30, least=1, most=48)
# How long a proven sign-in waits for the word that the other trading session is to end.
TAKE_OVER_LIFE = env.duration("TAKE_OVER_LIFE", 180, least=30, most=600)
# Sessions of the portal that one user may have open; the oldest makes room for a new one.
SESSIONS_AT_ONCE = env.number("SESSIONS_AT_ONCE", 5, least=1, most=50)
# Networks that staff work from; empty for anywhere. Elsewhere the console does not exist.
STAFF_NETWORKS = env.networks("STAFF_NETWORKS", [])
# How long a request of staff waits for a second person.
APPROVAL_MINUTES = env.number("APPROVAL_MINUTES", 30, least=5, most=240)
STAFF_SESSIONS_AT_ONCE = env.number("STAFF_SESSIONS_AT_ONCE", 2, least=1, most=50)
# Wrong tries to unlock a session that end it.
UNLOCK_TRIES = env.number("UNLOCK_TRIES", 5, least=1, most=10)
# A session that leads only through the way back after a freeze.
LIMITED_IDLE_MINUTES = env.number("LIMITED_IDLE_MINUTES", 10, least=1, most=15)
LIMITED_MINUTES = env.number("LIMITED_MINUTES", 60, least=10, most=240)
ABSOLUTE_HOURS = env.number("ABSOLUTE_HOURS", 12, least=1, most=24)
SESSION_KEEP_DAYS = env.number("SESSION_KEEP_DAYS", 90, least=1)
SESSION_COOKIE_AGE = ABSOLUTE_HOURS * 3600

# IP restrictions: how long a change is on trial, what the removal of the last entry waits, how long
# the emergency door lets an address in, and the most entries of a list.
RESTRICTION_TRIAL_MINUTES = env.number("RESTRICTION_TRIAL_MINUTES", 10, least=5, most=60)
RESTRICTION_DELAY_HOURS = env.number("RESTRICTION_DELAY_HOURS", 24, least=1, most=168)
DOOR_MINUTES = env.number("DOOR_MINUTES", 30, least=5, most=60)
RESTRICTIONS_MAX = env.number("RESTRICTIONS_MAX", 10_000, least=1)
REHEARSAL_DAYS = env.number("REHEARSAL_DAYS", 90, least=1, most=90)

# How many users an account takes, its owner included.
ACCOUNT_USERS = {
    "individual": env.number("ACCOUNT_USERS_INDIVIDUAL", 5, least=1, most=100),
    "institution": env.number("ACCOUNT_USERS_INSTITUTION", 250, least=1, most=10_000),
}

# Contact changes.
NEW_CONTACT_HOURS = env.number("NEW_CONTACT_HOURS", 72, least=1)
# For how long the old side can undo a change, and how long is kept that it was one.
CONTACT_UNDO_HOURS = env.number("CONTACT_UNDO_HOURS", 72, least=1, most=720)
CONTACT_CHANGE_KEEP_DAYS = env.number("CONTACT_CHANGE_KEEP_DAYS", 90, least=30)
# After how many days contacts are to be confirmed, and for how many that can be put off.
CONTACT_CHECK_DAYS = env.number("CONTACT_CHECK_DAYS", 180, least=1)
CONTACT_CHECK_LATER_DAYS = env.number("CONTACT_CHECK_LATER_DAYS", 14, least=1)
# How far back the inbox of notices goes.
INBOX_DAYS = env.number("INBOX_DAYS", 180, least=30, most=3650)
# For how long no code for a sensitive action goes to a number whose SIM card changed.
SIM_SWAP_HOURS = env.number("SIM_SWAP_HOURS", 72, least=24, most=720)
LOOKUP_FRESH_MINUTES = env.number("LOOKUP_FRESH_MINUTES", 10, least=1, most=60)
# How long the owner waits after the proof that lets everything go on again; how long the link in a
# mail stops everything, and one to the receipt of that works.
FREEZE_THAW_HOURS = env.number("FREEZE_THAW_HOURS", 24, least=1, most=720)
# How long before a freeze an authenticator has to have been there to lead back after it.
FREEZE_SETTLED_HOURS = env.number("FREEZE_SETTLED_HOURS", 72, least=1, most=720)
FREEZE_LINK_DAYS = env.number("FREEZE_LINK_DAYS", 30, least=1, most=90)
FREEZE_RECEIPT_MINUTES = env.number("FREEZE_RECEIPT_MINUTES", 60, least=5, most=1440)
# Tokens of programs: how many one owner may have, how often one may call in a minute, from how
# many calls on the owner hears of it, and for how long calls are kept.
API_TOKENS_MOST = env.number("API_TOKENS_MOST", 20, least=1)
API_CALLS_PER_MINUTE = env.number("API_CALLS_PER_MINUTE", 120, least=1)
API_CALLS_NOTICED = env.number("API_CALLS_NOTICED", 60, least=1)
API_CALLS_KEEP_DAYS = env.number("API_CALLS_KEEP_DAYS", 90, least=1)
# How often one person may open documents, or parts of them.
DOCUMENTS_PER_MINUTE = env.number("DOCUMENTS_PER_MINUTE", 120, least=1)
# How many calls about documents, balances, events or transactions, each counted alone, one system
# may make in a minute.
DELIVERIES_PER_MINUTE = env.number("DELIVERIES_PER_MINUTE", 3000, least=1)
# The rules for automation that a user may have; and how old (seconds) the balances may be by which
# an order is held against the ceilings of an account.
AUTOMATION_RULES_MOST = env.number("AUTOMATION_RULES_MOST", 20, least=1)
FIGURES_FRESH_SECONDS = env.number("FIGURES_FRESH_SECONDS", 900, least=1)
# For how long withdrawals wait after an authenticator or a contact changed, and a ceiling that is
# raised until it rises.
HOLD_HOURS = env.number("HOLD_HOURS", 24, least=1)
HOLD_KEEP_DAYS = env.number("HOLD_KEEP_DAYS", 90, least=1)

# Withdrawals: the most in USD in a day and in five business days, by what authenticated the
# request; None is without limit. "none" is the row of who proves nothing, or opted out.
WITHDRAWAL_LIMITS = {
    row: env.allowance(f"WITHDRAWALS_{row.upper()}", default)
    for row, default in {
        "none": (50_000, 100_000),
        "temporary_passcode": (50_000, 100_000),
        "sms": (200_000, 600_000),
        "online_card": (200_000, 600_000),
        "ib_key": (1_000_000, 1_000_000),
        "dsc": (1_000_000, 1_500_000),  # cards before DSC+
        "dsc_plus": (None, None),
        # Rows of our own, because the published table has none for them (sls/withdrawals).
        "authenticator_app": (200_000, 600_000),
        "passkey": (1_000_000, 1_000_000),
        "backup_codes": (50_000, 100_000),
    }.items()
}

# From which amount (USD) on a withdrawal that a phone asks for is proven by something else than the
# phone; and the systems of the brokerage's own: a name, the SHA-256 (hex) of the token and what it
# is for, joined by colons (``books:<SHA-256>:figures+documents``), separated by spaces. One for
# which nothing is said asks for decisions.
HIGH_VALUE_USD = env.number("HIGH_VALUE_USD", 100_000, least=1)
_FOR = "(decisions|figures|documents|events|transactions)"
SERVICE_TOKENS = env.words(
    "SERVICE_TOKENS",
    pattern=rf"[a-z0-9_-]{{1,32}}:[0-9a-fA-F]{{64}}(:{_FOR}(\+{_FOR})*)?",
)

# --- What an operator sees ---------------------------------------------------------------------

# Networks that may read /metrics; everybody else gets 404.
METRICS_ALLOW = env.networks("METRICS_ALLOW", ["127.0.0.0/8", "::1/128"])
SECURITY_CONTACT = env.text("SECURITY_CONTACT", f"mailto:security@{PUBLIC_HOST or 'localhost'}")
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOG_FORMAT = env.choice("LOG_FORMAT", "json", ("json", "text"))
LOGGING = logs.configuration(level=LOG_LEVEL, form=LOG_FORMAT)
LOGGING_CONFIG = "portal.logs.configure"
# The user is loaded once by the session middleware; asking for it again from the log would load
# it on pages that do not need it. Addresses are personal data and stand in the audit instead.
DJANGO_STRUCTLOG_USER_ID_FIELD = None
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = 20
