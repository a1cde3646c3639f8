"""What a passkey is called at first."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.utils import translation

from sls.methods.passkey.naming import suggested
from tests.passkeys import CHROME

UNKNOWN = UUID(int=0)
KEYCHAIN = UUID("fbfc3007-154e-4ecc-8c0b-6e020557d7bd")
NOVEMBER = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("aaguid", "agent", "name"),
    [
        (UNKNOWN, CHROME, "Passkey on Windows, November 2026"),
        (UNKNOWN, "<b>evil</b>", "Passkey, November 2026"),
        (KEYCHAIN, CHROME, "iCloud Keychain passkey, November 2026"),
    ],
)
def test_says_where_it_lies_and_since_when(aaguid, agent, name):
    assert suggested(aaguid=aaguid, agent=agent, at=NOVEMBER, taken=()) == name


def test_is_told_apart_from_others():
    taken = {"Passkey, November 2026", "Passkey, November 2026 (2)"}
    named = suggested(aaguid=UNKNOWN, agent="", at=NOVEMBER, taken=taken)
    assert named == "Passkey, November 2026 (3)"


def test_speaks_the_language_of_its_owner():
    with translation.override("ja"):
        named = suggested(aaguid=UNKNOWN, agent=CHROME, at=NOVEMBER, taken=())
    assert named == "Windowsのパスキー（2026年11月）"
