"""What waits for staff, and the cards in stock."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.approvals.models import Request
from accounts.cases import services as cases
from accounts.cases.models import Case, Kind, Note
from accounts.origin import Origin
from accounts.outbox.models import Message
from sls.methods.dsc_plus.models import Card
from tests.cast import begin, in_stock
from tests.sls.methods.dsc_plus.test_stock import ordered

pytestmark = pytest.mark.django_db
HERE = Origin(address="203.0.113.7")


def queue(client, code: str):
    found = client.get("/console/").context["queues"]
    return next(one for one in found if one.code == code)


def test_what_waits_stands_where_staff_land(agent, alice, counted_queries):
    case = cases.open(user=alice, kind=Kind.SIGN_IN, origin=HERE)
    begin(agent.__class__(), "alice")
    Message.objects.filter(user=alice, is_code=True).update(status="undelivered")
    with counted_queries(most=12):
        page = agent.get("/console/")
    assert case.shown in page.content.decode()
    assert [one.title for one in queue(agent, "undeliverable").items] == [alice.name]


def test_an_agent_sees_no_queue_of_another_role(agent):
    codes = [one.code for one in agent.get("/console/").context["queues"]]
    assert codes == ["approvals", "cases", "undeliverable", "recoveries"]


def test_a_request_waits_for_a_lead(agent, lead, alice):
    fields = {"kind": "email", "value": "n@example.com"}
    agent.post(
        "/console/clients/alice/do/contact/",
        fields | {"reason": "By telephone", "ticket": "SUP-1"},
    )
    assert Request.objects.count() == 1
    assert len(queue(lead, "approvals").items) == 1
    place = next(one for one in lead.get("/console/").content.decode().split("place__count")[1:])
    assert place.startswith('">1<')


def test_a_case_is_taken_over_noted_closed_and_reviewed(agent, lead, alice, sam, tess):
    case = cases.open(user=alice, kind=Kind.SIGN_IN, origin=HERE)
    where = f"/console/cases/{case.reference}/"
    agent.post(f"{where}take/")
    lead.post(f"{where}take/")
    assert Case.objects.get(pk=case.pk).assigned == tess
    assert agent.post(f"{where}note/", {"note": ""}).status_code == 200
    agent.post(f"{where}note/", {"note": "Called back, nobody there"})
    assert Note.objects.get(case=case).staff == sam
    assert lead.post(f"{where}review/", {"vector": "sim", "lesson": "x"}).status_code == 404
    lead.post(f"{where}close/", {"reason": "Somebody else", "outcome": "fraud"})
    lead.post(f"{where}review/", {"vector": "sim", "lesson": "SIM checks before changes"})
    case.refresh_from_db()
    assert (case.outcome, case.vector) == ("fraud", "sim")


def test_the_client_reads_neither_note_nor_outcome_nor_lesson(agent, alice, client, sign_in, sam):
    case = cases.open(user=alice, kind=Kind.SIGN_IN, origin=HERE)
    cases.note(case=case, staff=sam, text="Sounds nervous")
    cases.close(case=case, staff=sam, origin=HERE, reason="Done", outcome="fraud")
    sign_in(client, alice)
    page = client.get(f"/cases/{case.reference}/").content.decode()
    assert "Sounds nervous" not in page
    assert "Fraud" not in page


def test_a_delivery_that_cannot_be_read_takes_nothing_in(agent, sam):
    sam.groups.set([sam.groups.model.objects.get_or_create(name="card_logistics")[0]])
    assert agent.get("/console/cards/").status_code == 200
    file = SimpleUploadedFile("cards.xml", b"<not-a-container/>")
    page = agent.post("/console/cards/delivery/", {"file": file, "passphrase": "sesame-sesame"})
    assert "Nothing was taken in" in page.content.decode()
    assert "sesame" not in page.content.decode()
    assert not Card.objects.exists()


def test_a_card_is_set_aside_sent_to_nobody_else_and_put_back(agent, alice, bob, sam):
    sam.groups.set([sam.groups.model.objects.get_or_create(name="card_logistics")[0]])
    for user in (alice, bob):
        ordered(user)
    for serial in ("DSC9000001", "DSC9000002"):
        in_stock(serial)
    where = "/console/clients/{}/do/{}/"
    why = {"reason": "The next in the drawer", "ticket": "SUP-9"}
    agent.post(where.format("alice", "card_aside"), why | {"serial": "DSC9000001"})
    offered = agent.get(where.format("bob", "card_send")).content.decode()
    assert 'value="DSC9000002"' in offered
    assert 'value="DSC9000001"' not in offered
    own = agent.get(where.format("alice", "card_send")).content.decode()
    assert 'value="DSC9000001"' in own
    assert 'value="DSC9000002"' not in own
    agent.post(where.format("alice", "card_back"), why)
    offered = agent.get(where.format("bob", "card_send")).content.decode()
    assert 'value="DSC9000001"' in offered
    again = agent.get(where.format("alice", "card_back")).content.decode()
    assert "No card is set aside for this client." in again
