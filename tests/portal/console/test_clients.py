"""Finding a client, and the one page of one."""

import pytest
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.cases import services as cases
from accounts.cases.models import Kind
from accounts.contacts.models import EmailAddress
from accounts.contacts.rules import masked_phone
from accounts.origin import Origin
from accounts.sessions.models import KnownDevice
from accounts.users.models import User
from portal.console import client, searching
from tests.cast import begin, card_device, person

pytestmark = pytest.mark.django_db
HERE = Origin(address="203.0.113.7")


@pytest.mark.parametrize(
    "typed",
    [
        *("alice", " ALICE ", "U1000001", "u1000001", "+14155550101", "(415) 555-0101"),
        *("alice@example.com", "Alice@Example.com", "example ali"),
    ],
)
def test_a_client_is_found_by_what_a_caller_says(typed, alice, bob):
    User.objects.filter(pk=alice.pk).update(name="Alice Example")
    assert searching.search(typed).users == [alice]


def test_a_client_is_found_by_the_reference_of_a_report(alice, bob):
    case = cases.open(user=alice, kind=Kind.CALL, origin=HERE)
    assert searching.search(case.shown.lower()).users == [alice]


@pytest.mark.parametrize(
    "typed", ["", "   ", "sam", "nobody at all", "x" * 500, "%", "' OR 1=1", "\0"]
)
def test_what_means_nobody_finds_nobody(typed, alice, sam):
    assert searching.search(typed).users == []


def test_many_of_a_name_are_cut_and_said_so(db, monkeypatch):
    monkeypatch.setattr(searching, "MOST", 2)
    for name in ("anna1", "anna2", "anna3"):
        user = person(name)
        User.objects.filter(pk=user.pk).update(name="Anna Berg")
    found = searching.search("anna")
    assert (len(found.users), found.more) == (2, True)


def test_the_page_costs_the_same_whatever_the_client_has(agent, alice, counted_queries):
    with counted_queries(most=25) as few:
        assert agent.get("/console/clients/alice/").status_code == 200
    card_device(alice)
    for number in range(12):
        cases.open(user=alice, kind=Kind.TEXT, origin=HERE)
        KnownDevice.objects.create(
            user=alice,
            digest=f"{number:064}",
            agent="",
            first_at=timezone.now(),
            last_at=timezone.now(),
        )
        EmailAddress.objects.create(
            user=alice, address=f"a{number}@example.com", created_at=timezone.now()
        )
    begin(agent.__class__(), "alice")
    with counted_queries(most=25) as many:
        assert agent.get("/console/clients/alice/").status_code == 200
    # One more: the messages of the sign-in that is there now.
    assert len(many) <= len(few) + 1


def test_the_page_is_kept_as_seen_and_masks_contacts(agent, alice):
    page = agent.get("/console/clients/alice/").content.decode()
    seen = Entry.objects.get(event=Event.CLIENT_OPENED)
    assert (seen.user, seen.actor, seen.detail["username"]) == (None, "staff:sam", "alice")
    assert masked_phone("+14155550101") in page
    assert "+14155550101" not in page
    assert "alice@example.com" not in page


def test_staff_are_no_clients(agent, tess):
    assert agent.get("/console/clients/tess/").status_code == 404
    assert agent.get("/console/clients/nobody/").status_code == 404


def test_one_alone_is_opened_at_once(agent, alice, bob):
    found = agent.get("/console/clients/", {"q": "U1000002"})
    assert found["Location"] == "/console/clients/bob/"


def test_what_they_see_has_nothing_to_press(agent, alice):
    page = agent.get("/console/clients/alice/seen/").content.decode()
    main = page[page.index("<main") : page.index("</main")]
    assert "<form" not in main
    assert "<button" not in main


def test_the_page_of_somebody_who_waits_for_a_code_says_so(agent, alice):
    begin(agent.__class__(), "alice")
    found = client.page(client.find("alice"))
    assert [one.is_live for one in found["tries"]] == [True]
    assert found["tries"][0].delivery.channel == "sms"
