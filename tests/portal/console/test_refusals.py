"""What staff may not is written down and told to a second person, without a flood (A14)."""

import pytest

from accounts.approvals import services as approvals
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import Origin
from accounts.outbox.models import Message
from accounts.users.models import User
from tests.cast import member_of_staff
from tests.portal.console.conftest import signed_in

pytestmark = pytest.mark.django_db
DESK = Origin(platform="console")


def noted() -> list[Entry]:
    return list(Entry.objects.filter(event=Event.STAFF_REFUSED).order_by("pk"))


def told() -> set[str]:
    return set(
        Message.objects.filter(name="staff_refused").values_list("user__username", flat=True)
    )


def test_a_page_that_the_role_does_not_open_is_told_to_an_officer(agent, sam, tess, uma):
    assert agent.get("/console/trail/").status_code == 403
    [entry] = noted()
    assert (entry.user, entry.actor, entry.detail["why"]) == (None, "staff:sam", "power")
    assert entry.detail["page"] == "trail"
    assert told() == {"uma"}
    mail = Message.objects.get(name="staff_refused").content()
    assert "sam" in mail["subject"]
    assert "their role does not open it" in mail["text"]


@pytest.mark.parametrize(
    "path",
    [
        "/console/staff/",
        "/console/staff/sam/roles/",
        "/console/numbers/",
        "/console/clients/alice/do/thaw/",
        "/console/clients/alice/do/close/",
        "/console/cards/",
        "/console/trail/export/",
        "/console/trail/evidence/",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_forbidden_door_is_told(agent, alice, uma, path, method):
    assert getattr(agent, method)(path).status_code in (403, 404, 405)
    assert [entry.actor for entry in noted()] in (["staff:sam"], [])
    if (method, path) != ("get", "/console/trail/export/"):
        assert noted()


def test_a_flood_of_attempts_is_one_mail(agent, uma):
    for _time in range(40):
        agent.get("/console/trail/")
    assert len(noted()) == 30
    assert Message.objects.filter(name="staff_refused").count() == 1


def test_whoever_approves_their_own_request_is_told_of(lead, tess, uma, alice):
    made = approvals.ask(
        user=alice,
        act="passcode",
        power="passcode",
        values={"delivery": "sms"},
        reason="Telephone was lost",
        ticket="SUP-1",
        staff=tess,
        origin=DESK,
    )
    fields = {"why": "I am sure of it", "decision": "approve"}
    lead.post(f"/console/approvals/{made.pk}/", fields)
    assert [entry.detail["why"] for entry in noted()] == ["own"]
    made.refresh_from_db()
    assert made.state == "open"
    assert told() == {"uma"}


def test_somebody_elses_request_is_told_of(agent, tess, uma, alice):
    made = approvals.ask(
        user=alice,
        act="thaw",
        power="thaw",
        values={},
        reason="They called us",
        ticket="SUP-1",
        staff=tess,
        origin=DESK,
    )
    assert agent.get(f"/console/approvals/{made.pk}/").status_code == 404
    assert [entry.detail["why"] for entry in noted()] == ["power"]


def test_an_officer_is_told_of_by_others(officer, uma, tess, alice):
    """There is no other officer: a lead is the second person."""
    User.objects.filter(pk=uma.pk).update(person="P-1")
    User.objects.filter(pk=alice.pk).update(person="P-1")
    assert officer.get("/console/clients/alice/do/unlock/").status_code == 403
    assert told() == {"tess"}
    assert [entry.detail["why"] for entry in noted()] == ["own"]


def test_two_user_names_of_one_person_are_not_a_second(agent, sam, uma):
    User.objects.filter(pk__in=[sam.pk, uma.pk]).update(person="P-7")
    other = member_of_staff("vera", "+14155550121", "security_officer")
    agent.get("/console/trail/")
    assert told() == {other.username}


def test_what_is_allowed_is_not_told(agent, uma, alice):
    agent.get("/console/clients/alice/")
    agent.get("/console/approvals/999999/")
    agent.get("/console/clients/nobody/")
    assert not noted()
    assert not told()


def test_from_elsewhere_is_told(sam, uma, settings):
    tab = signed_in(sam)
    settings.STAFF_NETWORKS = ["198.51.100.0/24"]
    assert tab.get("/console/").status_code == 404
    assert [entry.detail["why"] for entry in noted()] == ["place"]
