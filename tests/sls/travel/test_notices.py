"""Announcing a journey, signing in meanwhile, and what a thief of a session gets of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import Origin
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.login.models import Attempt
from sls.methods import registry
from sls.travel import checklist, services
from sls.travel.models import Notice
from sls.travel.rules import Days, Refusal
from tests.abroad import AMERICA, GERMANY, JAPAN, announced, at_home
from tests.accounts.ip_restrictions.lists import restrict
from tests.cast import PASSWORD, app_device, begin, code_for
from tests.sls.devices.conftest import app_code, confirm

NEW, LIST = "/settings/security/travel/new/", "/settings/security/travel/"
HERE = Origin(address="192.0.2.1")

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, alice, sign_in, clock) -> Client:
    sign_in(client, alice)
    clock.shift(61)
    return client


def typed(first: int = 0, last: int = 13, countries=("JP",), devices=()) -> dict[str, str]:
    today = timezone.localdate()
    days = {"first": today + timedelta(days=first), "last": today + timedelta(days=last)}
    ticked = [f"countries-{code}" for code in countries] + [f"devices-{one}" for one in devices]
    return {name: day.isoformat() for name, day in days.items()} | dict.fromkeys(ticked, "on")


def prove(tab: Client, user: User, url: str):
    """Password, code, and the button of the last page."""
    assert url.startswith("/step-up/")
    assert tab.post(url, {"password": PASSWORD}).status_code == 302
    done = tab.post(f"{url}answer/", {"code": code_for(user)})
    return tab.get(done["Location"]), done["Location"]


def test_is_announced_by_its_owner_with_a_proof_and_told(signed_in, alice):
    fields = typed(countries=["JP", "KR"])
    page, _last = prove(signed_in, alice, signed_in.post(NEW, fields)["Location"])
    assert "Announce a journey: Japan, South Korea" in page.content.decode()
    assert not Notice.objects.exists()
    response = signed_in.post(NEW, dict(page.context["fields"]))
    notice = Notice.objects.get()
    assert response["Location"] == f"{LIST}{notice.pk}/"
    assert (notice.codes, services.current(alice.pk, timezone.now())) == (["JP", "KR"], notice)
    entry = Entry.objects.get(event=Event.TRAVEL_ANNOUNCED)
    assert entry.detail["countries"] == ["JP", "KR"]
    message = Message.objects.get(name="travel_announced")
    assert "Japan" in message.content()["text"]


def test_a_thief_of_the_session_announces_and_ends_nothing(signed_in, alice):
    assert signed_in.post(NEW, typed())["Location"].startswith("/step-up/")
    assert not Notice.objects.exists()
    notice = announced(alice)
    held = signed_in.post(f"{LIST}{notice.pk}/end/")["Location"]
    assert held.startswith("/step-up/")
    notice.refresh_from_db()
    assert notice.ended_at is None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"first": -1}, "The first day is over already"),
        ({"first": 5, "last": 4}, "lies before the first day"),
        ({"last": 90}, "90 days at most"),
        ({"first": 366, "last": 366}, "one year ahead"),
        ({"first": 40, "last": 41}, "for some of these days already"),
        ({"countries": []}, "at least one country"),
        ({"countries": ["ZZ"]}, "from the list"),
        ({"countries": ["001"]}, "from the list"),
        ({"countries": ["JP", "<script>"]}, "from the list"),
        (
            {"countries": ["JP", "KR", "DE", "AT", "CH", "FR", "IT", "ES", "PT", "GB", "IE"]},
            "at most 10 countries",
        ),
        ({"devices": ["sms.phonedevice/999999"]}, "authenticators that you have now"),
    ],
)
def test_what_is_refused_is_said_at_once_and_nobody_proves_in_vain(signed_in, alice, fields, words):
    announced(alice, "DE", ahead=35)
    response = signed_in.post(NEW, typed(**fields))
    assert response.status_code == 200
    assert words in response.content.decode()
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("day", ["", "2026-02-30", "tomorrow", "9999-12-31", "0001-01-01", "١"])
def test_no_date_breaks_the_form(signed_in, day):
    response = signed_in.post(NEW, typed() | {"first": day, "last": day})
    assert response.status_code == 200
    assert not Notice.objects.exists()


def test_the_authenticator_of_somebody_else_does_not_go_along(signed_in, bob):
    theirs = registry.devices(bob.pk)[0].id
    assert "that you have now" in signed_in.post(NEW, typed(devices=[theirs])).content.decode()


def test_the_notice_of_somebody_else_is_not_there(signed_in, bob):
    notice = announced(bob)
    assert signed_in.get(f"{LIST}{notice.pk}/").status_code == 404
    assert signed_in.post(f"{LIST}{notice.pk}/end/").status_code == 404
    assert services.current(bob.pk, timezone.now()) == notice


def test_is_ended_with_a_proof_and_told(signed_in, alice, clock):
    notice = announced(alice)
    url = signed_in.post(f"{LIST}{notice.pk}/end/")["Location"]
    _page, last = prove(signed_in, alice, url)
    assert confirm(signed_in, last)["Location"] == LIST
    assert services.current(alice.pk, timezone.now()) is None
    assert {one.channel for one in Message.objects.filter(name="travel_ended")} == {"email", "sms"}


def test_what_is_over_cannot_be_ended(alice):
    for notice in (announced(alice, ahead=-100), announced(alice, ended_at=timezone.now())):
        assert services.end(user=alice, pk=notice.pk, origin=HERE) is Refusal.GONE


def test_the_days_are_those_of_the_owner(alice):
    User.objects.filter(pk=alice.pk).update(zone="Asia/Tokyo")
    today = timezone.localdate() + timedelta(days=3)
    made = services.announce(
        user=alice, days=Days(today, today), countries=["JP"], devices=[], origin=HERE
    )
    assert made.starts_at.utcoffset() == timedelta(hours=9)
    assert made.ends_at - made.starts_at == timedelta(days=1)


# --- Signing in meanwhile ------------------------------------------------------------------------


@pytest.fixture
def traveller(alice) -> User:
    """Alice, at home in America and Germany, with an app and a notice for Japan."""
    at_home(alice)
    app_device(alice, "Work phone")
    announced(alice, "JP")
    return alice


def attempt(address: str) -> Attempt:
    begin(Client(REMOTE_ADDR=address))
    return Attempt.objects.latest("created_at")


def test_elsewhere_takes_the_stronger_factor_and_says_why(traveller):
    tab = Client(REMOTE_ADDR="127.0.0.1")  # an address without a country
    url = begin(tab)
    found = Attempt.objects.get()
    assert (found.ways, found.careful) == (1, 20)
    assert found.unusual == "new_device,outside_travel"
    device = traveller
    assert tab.post(f"{url}answer/", {"code": app_code(_app(device))})["Location"] == "/"
    assert Session.objects.get().risk == 2
    told = Message.objects.get(name="unusual_sign_in").content()["text"]
    assert "Neither a country of the journey" in told


def _app(user: User):
    return registry.get("authenticator_app").model.objects.get(user=user)


def test_home_stays_what_it_was(traveller):
    found = attempt(AMERICA)
    assert (found.ways, found.unusual) == (2, "new_device")


def test_an_announced_country_is_as_unusual_as_without_a_notice(traveller):
    with_it = attempt(JAPAN)
    Notice.objects.all().delete()
    without = attempt(JAPAN)
    assert (with_it.unusual, with_it.careful) == ("new_country,new_device", 20)
    assert (with_it.unusual, with_it.careful) == (without.unusual, without.careful)


@pytest.mark.parametrize("ahead", [-30, 1])
def test_narrows_on_no_other_day(traveller, ahead):
    Notice.objects.all().delete()
    announced(traveller, "JP", ahead=ahead)
    assert "outside_travel" not in attempt(GERMANY).unusual


def test_reads_the_notice_without_a_statement_of_its_own(traveller, counted_queries):
    with counted_queries() as with_it:
        begin(Client(REMOTE_ADDR=AMERICA))
    assert [one for one in with_it if "sls_notice" in one and "accounts_user" not in one] == []
    Notice.objects.all().delete()
    with counted_queries() as without:
        begin(Client(REMOTE_ADDR=AMERICA))
    assert len(with_it) == len(without)


# --- What to check -------------------------------------------------------------------------------


def states(user: User, notice: Notice) -> dict[str, str]:
    held = registry.devices(user.pk)
    return {one.label: one.state for one in checklist.checks(notice, held, user=user)}


def test_checks_what_goes_along(alice):
    app = app_device(alice, "Pixel 9")
    phone = next(row.id for row in registry.devices(alice.pk) if row.method == "sms")
    notice = announced(alice, devices=[phone])
    found = states(alice, notice)
    assert found["A second way to sign in"] == found["A code without a network"] == "Missing"
    assert found["IP restrictions"] == "No conflict"
    Notice.objects.update(devices=[phone, app.persistent_id])
    app.last_used_at = timezone.now() - timedelta(days=31)
    app.save()
    notice.refresh_from_db()
    found = states(alice, notice)
    assert found["A second way to sign in"] == found["A code without a network"] == "Ready"
    assert found["Authenticator app on Pixel 9"] == "Not tried lately"


@pytest.mark.parametrize(("address", "state"), [(AMERICA, "Conflict"), (JAPAN, "Please note")])
def test_finds_a_list_of_addresses_that_keeps_the_traveller_out(alice, address, state):
    restrict(alice, address)
    alice.refresh_from_db()
    assert states(alice, announced(alice, "JP"))["IP restrictions"] == state
