"""The one record of call-back numbers: two change it, and never an agent."""

import pytest
from django.utils import timezone

from accounts.approvals.models import Request
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.support import record
from accounts.support.models import Numbers
from accounts.users.models import User
from tests.cast import member_of_staff
from tests.portal.console.conftest import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/console/numbers/"
WHY = {"reason": "A new number is in use", "ticket": "SUP-4711"}
NEW = {"number_1": "+1 (415) 555-0142", "label_1": "United States"} | WHY


def decide(tab, decision: str = "approve"):
    """The last request, decided by whoever looks."""
    made = Request.objects.latest("pk")
    fields = {"why": "I have called that number", "decision": decision}
    return tab.post(f"/console/approvals/{made.pk}/", fields, follow=True)


def test_two_change_them_for_everybody_at_once(lead, officer, client):
    assert "+1 415 555 0100" in lead.get(URL).content.decode()
    asked = lead.post(URL, NEW | {"number_2": "+81 3-1234-5678", "label_2": "Japan"})
    made = Request.objects.get()
    assert asked["Location"] == f"/console/approvals/{made.pk}/"
    assert not Numbers.objects.exists()
    assert "+1 415 555 0142" not in client.get("/verify-caller/").content.decode()
    page = officer.get(f"/console/approvals/{made.pk}/").content.decode()
    assert "+1 415 555 0142 (United States); +81 3 1234 5678 (Japan)" in page
    assert "+1 415 555 0100" in page
    decide(officer)
    assert [one["telephone"] for one in record.current().numbers] == [
        "+1 415 555 0142",
        "+81 3 1234 5678",
    ]
    page = client.get("/verify-caller/").content.decode()
    assert "+1 415 555 0142" in page
    assert "+1 415 555 0100" not in page
    entry = Entry.objects.get(event=Event.NUMBERS_CHANGED)
    assert entry.actor == "staff:tess+uma"
    assert "SUP-4711" in entry.detail["reason"]
    assert "tess" in lead.get(URL).content.decode()
    assert "The house" in officer.get("/console/trail/four-eyes/").content.decode()


def test_another_lead_may_decide(lead, db):
    lead.post(URL, NEW)
    other = signed_in(member_of_staff("lena", "+14155550121", "support_lead"))
    assert "Approvals" in other.get("/console/approvals/").content.decode()
    decide(other)
    assert Numbers.objects.exists()


def test_nobody_decides_about_their_own(lead, tess, officer):
    lead.post(URL, NEW)
    decide(lead)
    assert not Numbers.objects.exists()
    # Nor by another user name of the same person.
    User.objects.filter(username__in=["tess", "uma"]).update(person="P-7")
    decide(officer)
    assert not Numbers.objects.exists()


def test_a_refusal_changes_nothing(lead, officer):
    lead.post(URL, NEW)
    decide(officer, "refuse")
    decide(officer)
    assert not Numbers.objects.exists()


def test_what_nobody_decided_in_time_is_over(lead, officer):
    lead.post(URL, NEW)
    Request.objects.update(expires_at=timezone.now())
    decide(officer)
    assert not Numbers.objects.exists()


def test_whoever_lost_the_role_asks_for_nothing_any_more(lead, tess, officer):
    lead.post(URL, NEW)
    tess.groups.clear()
    decide(officer)
    assert not Numbers.objects.exists()


def test_one_waits_at_a_time(lead, officer):
    lead.post(URL, NEW)
    page = officer.post(URL, NEW | {"number_1": "+1 415 555 0143"})
    assert "waits for a second person already" in page.content.decode()
    assert Request.objects.count() == 1


def test_nobody_reaches_it_as_an_act_about_a_client(lead, alice):
    assert lead.get("/console/clients/alice/do/numbers/").status_code == 404
    assert lead.post("/console/clients/alice/do/numbers/", NEW).status_code == 404


@pytest.mark.parametrize("role", ["support_agent", "card_logistics", "auditor", ""])
def test_nobody_else_may(role, client, db):
    other = signed_in(member_of_staff("karl", "+14155550120", role))
    assert other.get(URL).status_code == 403
    assert other.post(URL, NEW).status_code == 403
    assert not Numbers.objects.exists()
    assert not Entry.objects.filter(event=Event.NUMBERS_CHANGED).exists()


@pytest.mark.parametrize(
    "fields",
    [
        WHY | {"number_1": ""},
        WHY | {"number_1": "415 555 0100"},
        WHY | {"number_1": "+1 800 CALL NOW"},
        WHY | {"number_1": "javascript:alert(1)"},
        NEW | {"ticket": ""},
        NEW | {"label_2": "Japan"},
        NEW | {"number_2": "+1 415 555 0142"},
    ],
)
def test_what_is_no_number_is_not_taken(lead, fields):
    page = lead.post(URL, fields)
    assert page.status_code == 200
    assert "error-summary" in page.content.decode()
    assert not Request.objects.exists()
    assert not Numbers.objects.exists()


def test_what_a_number_is_for_is_text(lead, officer, client):
    lead.post(URL, NEW | {"label_1": "<script>alert(1)</script>"})
    decide(officer)
    for tab, url in ((lead, URL), (client, "/verify-caller/")):
        page = tab.get(url).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
