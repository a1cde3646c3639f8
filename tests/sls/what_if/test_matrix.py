"""The page "What if I lose something?"."""

import re

import pytest

from sls.methods import registry
from sls.methods.authenticator_app.method import AuthenticatorApp
from sls.methods.rules import Place
from tests.cast import app_device
from tests.passkey_authenticator import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED, Passkey, enrolled

URL = "/settings/security/what-if/"


@pytest.fixture
def inside(client, alice, sign_in):
    """Alice, signed in by SMS."""
    return sign_in(client, alice)


def page(client) -> str:
    return client.get(URL).content.decode()


def test_stays_within_its_statements_whatever_is_held(inside, alice, counted_queries):
    with counted_queries() as few:
        page(inside)
    for place in range(20):
        app_device(alice, f"App {place}")
    with counted_queries(most=10) as many:
        page(inside)
    assert len(many) == len(few) == 3


def test_draws_every_cell_with_its_words(inside):
    cells = re.findall(r'data-loss="(\w+)" data-method="(\w+)" data-state="(\w+)"', page(inside))
    assert len(cells) == 5
    assert ("phone", "sms", "lost") in cells
    assert ("email", "sms", "opens") in cells
    assert page(inside).count("door--") == len(cells)


OTHERS = ("Authenticator app", "Digital Security Card+", "Backup codes")


def test_names_what_is_not_set_up(inside):
    others = inside.get(URL).context["shown"].others
    assert others == ["Passkey", "IB Key", *OTHERS]
    assert f"Not set up yet: {', '.join(others)}." in page(inside)


def test_says_how_long_it_takes(inside):
    shown = inside.get(URL).context["shown"]
    verdicts = {row.loss: (row.is_open, row.verdict) for row in shown.rows}
    assert verdicts["phone"] == (False, "After 72 hours, by your e-mail and password")
    assert verdicts["email"] == (True, "At once")


def test_gives_one_advice_for_all_that_is_red(inside, monkeypatch):
    monkeypatch.setattr(AuthenticatorApp, "lives_on", Place.CLOUD)
    found = page(inside)
    assert found.count("Without your phone you could not sign in for days.") == 1
    assert "Without your number" not in found


def test_counts_what_is_left_of_several(inside, alice):
    enrolled(alice, Passkey())
    enrolled(alice, Passkey(flags=PRESENT | VERIFIED | ELIGIBLE | BACKED_UP))
    assert page(inside).count("1 of 2 is left") == 1


def test_the_place_of_a_row_comes_with_it(alice):
    app_device(alice)
    assert {row.method: row.lives_on for row in registry.devices(alice.pk)} == {
        "authenticator_app": "phone",
        "sms": "sim",
    }
