"""The page "Limits and methods"."""

import pytest
from django.db import transaction

from accounts.audit import services as audit
from accounts.origin import SYSTEM
from accounts.users.models import User
from sls.methods.device import record_enrolled
from tests.cast import app_device

URL = "/settings/security/limits/"


@pytest.fixture
def inside(client, alice, sign_in):
    """Alice, signed in by SMS."""
    return sign_in(client, alice)


def rows(response) -> dict:
    return {row.code: row for row in response.context["standing"].rows}


def test_costs_two_queries_beside_the_session(inside, alice, counted_queries):
    for place in range(5):
        app_device(alice, f"App {place}")
    with counted_queries(most=3):
        assert inside.get(URL).status_code == 200


def test_the_limit_of_this_session_is_that_of_its_method(inside):
    response = inside.get(URL)
    assert "Today: USD 200,000 a day, USD 600,000 in five business days" in (
        response.content.decode()
    )
    found = rows(response)
    assert [code for code, row in found.items() if row.applies] == ["sms"]
    assert [code for code, row in found.items() if row.held] == ["sms"]


def test_a_better_method_that_is_held_is_named(inside, alice, settings):
    settings.WITHDRAWAL_LIMITS = {
        **settings.WITHDRAWAL_LIMITS,
        "authenticator_app": (1_000_000, 1_000_000),
    }
    assert inside.get(URL).context["standing"].most == ""
    app_device(alice)
    standing = inside.get(URL).context["standing"]
    assert (standing.best, standing.most) == (
        "Authenticator app",
        "USD 1,000,000 a day, USD 1,000,000 in five business days",
    )


def test_says_beforehand_what_a_method_would_bring(inside):
    found = rows(inside.get(URL))
    assert (found["dsc_plus"].day, found["dsc_plus"].five_days) == ("No limit", "No limit")
    assert found["dsc_plus"].effect == "It would raise your limits to these."
    assert found["ib_key"].effect == "It would raise your limits to these."
    assert found["authenticator_app"].effect == "Your limits would stay as they are."
    assert found["sms"].effect == ""


def test_stands_in_order_the_highest_limit_first(inside, settings):
    order = [row.code for row in inside.get(URL).context["standing"].rows]
    worth = [settings.WITHDRAWAL_LIMITS[code][0] or 10**12 for code in order]
    assert worth == sorted(worth, reverse=True)


def test_says_until_when_nothing_leaves(inside, alice):
    assert "Withdrawals are held." not in inside.get(URL).content.decode()
    with transaction.atomic():
        device = app_device(alice)
        user = audit.lock(alice.pk)
        record_enrolled(device, method="authenticator_app", user=user, origin=SYSTEM)
    page = inside.get(URL).content.decode()
    assert "Withdrawals are held." in page
    assert "because one of your authenticators changed" in page


def test_who_opted_out_has_the_limit_of_none(inside, alice):
    User.objects.filter(pk=alice.pk).update(opted_out=True)
    response = inside.get(URL)
    found = rows(response)
    assert [code for code, row in found.items() if row.applies] == ["none"]
    assert found["none"].day == "USD 50,000"
    assert "Opt back in" in response.content.decode()


def test_speaks_japanese(inside, alice):
    inside.post("/i18n/setlang/", {"language": "ja", "next": "/"})
    assert "1,000,000米ドル" in inside.get(URL).content.decode()
