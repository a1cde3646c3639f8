"""Settings of the profiles, each read by a fresh interpreter as at a start."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.production import environment

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import json, sys
from django.core.exceptions import ImproperlyConfigured
from django.conf import settings
try:
    print(json.dumps([getattr(settings, name) for name in sys.argv[1:]], default=str))
except ImproperlyConfigured as error:
    print(error)
"""


def read(*names: str, **variables: str):
    """The settings ``names`` (or the refusal) of a start with ``variables``."""
    base = {name: os.environ[name] for name in ("PATH", "HOME", "DEMO_DIR") if name in os.environ}
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, *names],
        env={**base, "DJANGO_SETTINGS_MODULE": "portal.settings", **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    try:
        return json.loads(result.stdout)
    except ValueError:
        return result.stdout.strip()


def test_starts_without_any_variable():
    names = ("PROFILE", "DEBUG", "TWILIO_MODE", "PUBLIC_BASE_URL", "SESSION_COOKIE_NAME")
    assert read(*names) == ["development", False, "emulator", "http://localhost:8000", "sid"]


def test_cookies_carry_the_host_prefix_over_https():
    names = (
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "LANGUAGE_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
    )
    assert read(*names, PUBLIC_BASE_URL="https://portal.example.com") == [
        "__Host-sid",
        "__Host-csrf",
        "__Host-language",
        True,
    ]


def test_hosts_are_the_public_one_and_those_named():
    assert read(
        "ALLOWED_HOSTS",
        PORTAL_PROFILE="production",
        PUBLIC_BASE_URL="https://portal.example.com:8443",
        PORTAL_HOSTS="10.0.0.7 internal.example.com",
    ) == [["portal.example.com", "10.0.0.7", "internal.example.com"]]


def test_production_knows_no_default_key():
    assert read("SECRET_KEY", PORTAL_PROFILE="production").startswith("The SECRET_KEY setting")


def test_production_hashes_the_names_of_static_files(tmp_path):
    assert read("STORAGES", **environment(tmp_path))[0]["staticfiles"]["BACKEND"] == (
        "portal.storage.HashedStaticFiles"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_PROFILE", "prod"),
        ("DEBUG", "perhaps"),
        ("PORT", "80000"),
        ("TRUSTED_PROXY_COUNT", "all"),
        ("TRUSTED_PROXIES", "everybody"),
        ("TWILIO_MODE", "test"),
        ("TWILIO_ACCOUNT_SID", "AC1"),
        ("TWILIO_FROM", "555-0100"),
        ("PASSWORD_MIN", "4"),
        ("SECURITY_CODE_LIFE", "1d"),
        ("COUNTRIES_SERVED", "Japan"),
        ("EMAIL_URL", "mail.example.com"),
        ("REDIS_URL", "localhost"),
        ("DATABASE_URL", "portal"),
        ("WITHDRAWALS_SMS", "a lot"),
    ],
)
def test_an_odd_value_is_refused_in_one_line_that_names_it(name, value):
    refusal = read("DEBUG", **{name: value})
    assert isinstance(refusal, str)
    assert name in refusal
    assert "\n" not in refusal


def test_backup_codes_are_hashed_slowly_everywhere_but_in_the_suite():
    assert read("BACKUP_CODE_COST", "BACKUP_CODE_FAILURES") == [14, 10]
    assert "BACKUP_CODE_COST" in read("BACKUP_CODE_COST", BACKUP_CODE_COST="4")
