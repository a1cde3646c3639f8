"""What somebody takes off their phones is off at once, in sessions that are open too."""

import pytest

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.client_accounts import phones
from accounts.client_accounts.phones import Switch
from accounts.holds.models import Hold
from accounts.origin import SYSTEM
from accounts.sessions.models import Session
from tests.cast import card_device
from tests.platforms import Platform
from tests.sls.decisions.test_api import _service, ask  # noqa: F401

pytestmark = pytest.mark.django_db
NARROW, WIDEN = "/privileges/phones/narrow/", "/privileges/phones/widen/"


@pytest.mark.parametrize("name", ["mobile_ios", "mobile_android"])
def test_an_open_session_feels_it_at_its_next_call(alice, name):
    card_device(alice)
    phone = Platform(name)
    assert phone.sign_in()["rights"] == ["view", "trade", "fund"]
    Hold.objects.all().delete()
    session = Session.objects.get()
    assert phones.narrow(user_id=alice.pk, switch=Switch.NO_MONEY, origin=SYSTEM)
    assert not phones.narrow(user_id=alice.pk, switch=Switch.NO_MONEY, origin=SYSTEM)
    assert phone.session().json()["rights"] == ["view", "trade"]
    assert ask(session)["reason"] == "narrowed"
    assert ask(session, action="order")["outcome"] == "allowed"
    assert phones.narrow(user_id=alice.pk, switch=Switch.VIEWS_ONLY, origin=SYSTEM)
    assert phone.session().json()["rights"] == ["view"]
    assert ask(session, action="order")["reason"] == "narrowed"
    assert ask(session, action="view")["outcome"] == "allowed"
    for switch in Switch:
        assert phones.widen(user_id=alice.pk, switch=switch, origin=SYSTEM)
    assert phone.session().json()["rights"] == ["view", "trade", "fund"]
    assert ask(session)["outcome"] == "needs_step_up"


def test_other_platforms_feel_nothing(alice):
    phones.narrow(user_id=alice.pk, switch=Switch.VIEWS_ONLY, origin=SYSTEM)
    assert Platform("tws").sign_in()["rights"] == ["view", "trade"]


def test_off_at_once_and_on_by_a_proof(client, alice, sign_in):
    sign_in(client, alice)
    for switch in Switch:
        assert client.post(NARROW, {"switch": switch}).status_code == 302
        client.post(WIDEN, {"switch": switch})
        alice.refresh_from_db()
        assert getattr(alice, switch)
    told = Entry.objects.filter(user=alice, event=Event.PHONES_NARROWED).order_by("number")
    assert [one.detail for one in told] == [{"phones": "look"}, {"phones": "money"}]
    page = client.get("/privileges/").content.decode()
    assert "The mobile app only looks." in page
    assert "You have taken it off your phones." in page


@pytest.mark.parametrize("switch", ["", "is_staff", "phone_views_only ", "password"])
def test_there_are_two_switches(client, alice, sign_in, switch):
    sign_in(client, alice)
    assert client.post(NARROW, {"switch": switch}).status_code == 400
    client.post(WIDEN, {"switch": switch})
    alice.refresh_from_db()
    assert not alice.is_staff
