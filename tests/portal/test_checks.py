"""Production refuses what is only safe in development."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal import checks
from tests.production import environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def production(settings, monkeypatch, tmp_path):
    """A correct production; returns what the checks refuse."""
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    overrides = {
        "PRODUCTION": True,
        "HTTPS": True,
        "SECRET_KEY": "x" * 64,
        "SECRET_KEY_FALLBACKS": [],
        "KEK_DIR": str(tmp_path / "keys"),
        "KEK_ACTIVE": "2026-01",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-sid",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "TWILIO_MODE": "live",
        "TWILIO_API_BASE": "",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
    }
    for name, value in overrides.items():
        setattr(settings, name, value)
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    return lambda: [message.msg for check in checks.ALL for message in check()]


def test_a_correct_production_is_accepted(production):
    assert production() == []


@pytest.mark.parametrize("name", checks.REQUIRED)
def test_refuses_a_missing_setting(production, monkeypatch, name):
    monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv(f"{name}_FILE", raising=False)
    assert production() == [f"{name} is not set; production has no default for it."]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", True, "DEBUG is on"),
        ("SECRET_KEY", "short", "SECRET_KEY is known or shorter"),
        ("SECRET_KEY_FALLBACKS", ["short"], "SECRET_KEY is known or shorter"),
        ("KEK_ACTIVE", "dev", "KEK_ACTIVE names no file"),
        ("HTTPS", False, "PUBLIC_BASE_URL is not https"),
        ("SESSION_COOKIE_SECURE", False, "Cookies are sent over plain HTTP"),
        ("CSRF_COOKIE_SECURE", False, "Cookies are sent over plain HTTP"),
        ("SESSION_COOKIE_NAME", "sid", "does not carry the prefix __Host-"),
        ("ALLOWED_HOSTS", ["*"], "PORTAL_HOSTS lets any host name through"),
        ("TWILIO_ACCOUNT_SID", "", "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKENS"),
        ("TWILIO_AUTH_TOKENS", [], "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKENS"),
        ("TWILIO_API_KEY", "SK1", "TWILIO_API_KEY and TWILIO_API_SECRET"),
        ("TWILIO_FROM", "", "TWILIO_FROM is not set"),
        ("TWILIO_API_BASE", "http://localhost:8010", "TWILIO_API_BASE is set"),
        ("PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"], "Argon2"),
    ],
)
def test_refuses(production, settings, name, value, sentence):
    setattr(settings, name, value)
    (refusal,) = production()
    assert sentence in refusal


def test_refuses_a_key_file_that_holds_no_key(production, tmp_path):
    (tmp_path / "keys" / "index").write_text("too short")
    (refusal,) = production()
    assert "index does not hold 32 bytes" in refusal


def test_refuses_a_folder_of_keys_that_is_not_there(production, settings, tmp_path):
    settings.KEK_DIR = str(tmp_path / "nowhere")
    (refusal,) = production()
    assert "KEK_DIR cannot be used" in refusal


def test_refuses_the_emulator(production, settings):
    settings.TWILIO_MODE, settings.TWILIO_API_BASE = "emulator", "http://localhost:8010"
    (refusal,) = production()
    assert "TWILIO_MODE is emulator" in refusal


def test_refuses_sqlite(production, settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    (refusal,) = production()
    assert "not PostgreSQL" in refusal


def test_refuses_the_key_that_everybody_knows(production, settings):
    settings.SECRET_KEY = settings.DEVELOPMENT_SECRET
    (refusal,) = production()
    assert "SECRET_KEY" in refusal


@pytest.mark.parametrize("name", checks.MIDDLEWARE)
def test_refuses_missing_middleware_in_every_profile(settings, name):
    settings.MIDDLEWARE = [entry for entry in settings.MIDDLEWARE if entry != name]
    assert [message.msg for message in checks.missing_middleware()] == [f"MIDDLEWARE lacks {name}."]


@pytest.mark.parametrize("base", ["https://api.twilio.com", "http://8.8.8.8", "http://evil.test"])
def test_refuses_an_emulator_on_the_internet(settings, base):
    settings.TWILIO_MODE, settings.TWILIO_API_BASE = "emulator", base
    assert len(checks.emulator_elsewhere()) == 1


@pytest.mark.parametrize("base", ["http://localhost:8010", "http://127.0.0.1:1", "http://10.0.0.5"])
def test_accepts_an_emulator_nearby(settings, base):
    settings.TWILIO_MODE, settings.TWILIO_API_BASE = "emulator", base
    assert checks.emulator_elsewhere() == []


def start(code: list[str], **variables: str) -> subprocess.CompletedProcess:
    base = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *code],
        env={**base, "DJANGO_SETTINGS_MODULE": "portal.settings", **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_djangos_own_checks_for_deployment_are_content(tmp_path):
    command = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    result = start(command, **environment(tmp_path))
    assert result.returncode == 0, result.stderr


def test_the_web_server_does_not_start_unsafely(tmp_path):
    variables = environment(tmp_path) | {"TWILIO_MODE": "emulator"}
    result = start(["-c", "import portal.wsgi"], **variables)
    assert result.returncode != 0
    assert "TWILIO_MODE is emulator" in result.stderr
