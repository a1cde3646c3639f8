"""Signing in with a temporary passcode, through both of its periods (DOMAIN 1.11)."""

from datetime import timedelta
from itertools import product

import pytest

from accounts import marks
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import Origin
from accounts.sessions.models import Session
from accounts.sessions.rules import ONLINE_CARD
from sls.login import flow
from sls.login.flow import Wish
from sls.login.steps import Refused
from sls.methods import registry
from sls.methods.online_card import rules as sheets
from sls.methods.online_card.models import OnlineCard
from sls.methods.temporary_passcode import services
from tests.cast import PASSCODE, PASSWORD, app_device, begin, passcode
from tests.sls.enrolment.test_gate import closed, patterns, url_of
from tests.staged import staged

pytestmark = pytest.mark.django_db
CARD = "/settings/security/online-card/"
OPEN = {
    *("online_card", "online_card_make", "online_card_activate"),
    *("session_left", "session_extend"),
}


def sign_in_by(client, user, code=PASSCODE):
    url = begin(client, user.username)
    wanted = next(
        row.id for row in registry.signing_in(user.pk, "web") if row.method == "temporary_passcode"
    )
    client.post(f"{url}method/", {"device": wanted})
    return client.post(f"{url}answer/", {"code": code})


@pytest.fixture
def limited(client, alice, clock):
    """Alice's browser in the second period."""
    passcode(alice)
    clock.shift(timedelta(days=2, minutes=1))
    sign_in_by(client, alice)
    return client


def test_opens_everything_for_two_days(client, alice, clock):
    passcode(alice)
    clock.shift(timedelta(days=1, hours=23))
    assert sign_in_by(client, alice).status_code == 302
    home = client.get("/")
    assert home.status_code == 200
    assert "Put something of your own in its place" in home.content.decode()
    assert Session.objects.get().limited_to == ""


def test_a_whole_session_ends_with_the_two_days(client, alice, clock):
    passcode(alice)
    clock.shift(timedelta(days=1, hours=23, minutes=55))
    sign_in_by(client, alice)
    assert services.end_whole_sessions() == 0
    clock.shift(timedelta(minutes=6))
    assert services.end_whole_sessions() == 1
    assert client.get("/").status_code == 302
    sign_in_by(client, alice)
    assert services.end_whole_sessions() == 0
    assert client.get(CARD).status_code == 200


def test_typed_in_small_letters_with_blanks_it_opens_too(client, alice):
    passcode(alice)
    assert sign_in_by(client, alice, "abcd 2345").status_code == 302


def test_a_wrong_one_is_counted_for_the_passcode(client, alice):
    made = passcode(alice)
    assert sign_in_by(client, alice, "ABCD2346").status_code == 200
    made.refresh_from_db()
    assert made.failures == 1
    assert not Session.objects.exists()


def test_then_it_opens_the_page_of_the_card_and_nothing_else(limited):
    assert Session.objects.get().limited_to == ONLINE_CARD
    assert limited.get("/")["Location"] == CARD
    assert limited.get(CARD).status_code == 200


def test_what_the_second_period_opens_is_this_and_no_more():
    marked = {
        name
        for name, pattern in patterns()
        if ONLINE_CARD in getattr(pattern.callback, marks.LIMIT, ())
    }
    assert marked == OPEN


INSIDE = {url_of(name, pattern) for name, pattern in patterns() if name in OPEN}


def test_every_other_page_leads_to_the_card(limited, subtests):
    again = staged(limited)
    for method, url in product(("get", "post"), sorted(set(closed()) - INSIDE)):
        with subtests.test(method=method, url=url), again():
            response = getattr(limited, method)(url)
            assert (response.status_code, response["Location"]) == (302, CARD)


def test_elsewhere_than_in_the_portal_it_is_refused_then(alice, clock):
    made = passcode(alice)
    tws = Origin(address="203.0.113.7", platform="tws")
    begun = flow.begin(username="alice", password=PASSWORD, origin=tws, wish=Wish())
    attempt = flow.find(begun.token)
    flow.choose(attempt, device=made.persistent_id, origin=tws)
    # The first period ends while the attempt is open.
    type(made).objects.update(until=made.created_at)
    step = flow.answer(attempt, text=PASSCODE, origin=tws)
    assert isinstance(step, Refused)
    assert step.reason == "portal_only"
    begun = flow.begin(username="alice", password=PASSWORD, origin=tws, wish=Wish())
    assert [row.method for row in flow.offers.rows(flow.find(begun.token))] == ["sms"]


def test_after_twelve_days_it_is_not_even_offered(client, alice, clock):
    made = passcode(alice)
    clock.shift(timedelta(days=12))
    url = begin(client)
    assert "passcode" not in client.get(url).content.decode()
    client.post(f"{url}method/", {"device": made.persistent_id})
    client.post(f"{url}answer/", {"code": PASSCODE})
    assert not Session.objects.exists()


def test_withdrawing_it_ends_the_sessions_that_it_opened(client, alice):
    passcode(alice)
    sign_in_by(client, alice)
    services.withdraw(user=alice, reason="T-1", origin=Origin(), actor="staff:sam")
    assert client.get("/").status_code == 302
    assert Session.objects.get().ended_why == "revoked"


def test_the_card_is_made_and_activated_there(limited, alice):
    page = limited.post(f"{CARD}make/")
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    shown = dict(page.context["sheet"]["entries"])
    asked = page.context["asked"]
    url = page.context["answer_url"]
    assert list(shown) == list(range(1, sheets.ENTRIES + 1))
    assert limited.post(url, {"code": "000 000"}).status_code == 200
    typed = f"{shown[asked['first']]} {shown[asked['second']]}"
    assert limited.post(url, {"code": typed})["Location"] == CARD
    card = OnlineCard.objects.get()
    assert card.confirmed
    assert Entry.objects.filter(user=alice, event=Event.DEVICE_ENROLLED).exists()
    said = limited.get(CARD).content.decode()
    assert 'id="card-until"' in said
    # Nothing shows it again.
    for again in (limited.get(url, follow=True), limited.get(CARD)):
        assert not any(f">{value}<" in again.content.decode() for value in shown.values())


def test_in_a_whole_session_making_one_takes_a_proof(client, alice):
    passcode(alice)
    sign_in_by(client, alice)
    there = client.post(f"{CARD}make/")["Location"]
    assert there.startswith("/step-up/")
    client.post(there, {"password": PASSWORD})
    # Behind the telephone, as everything that only stands in.
    client.post(f"{there}resend/", {"way": "1"})
    assert client.post(f"{there}answer/", {"code": PASSCODE})["Location"] == f"{there}confirm/"
    assert client.post(f"{CARD}make/").context["sheet"]["days"] == 21


def test_the_passcode_changes_no_contact_of_whoever_holds_more(client, alice):
    app_device(alice)
    passcode(alice)
    sign_in_by(client, alice)
    there = client.post("/settings/communication/emails/", {"email": "new@example.com"})["Location"]
    client.post(there, {"password": PASSWORD})
    said = client.get(there).content.decode()
    assert "Temporary passcode" not in said
    assert client.post(f"{there}answer/", {"code": PASSCODE}).status_code == 200
