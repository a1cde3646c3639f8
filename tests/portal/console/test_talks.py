"""Conversations at the desk: opened, proven, ended; by whoever may, and by nobody else."""

import re

import pytest
from django.test import Client
from django.utils import translation

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.callers.models import Department, Talk, Topic
from accounts.callers.rules import Proof
from accounts.challenges.models import Challenge
from accounts.outbox.models import Message
from accounts.users.models import User
from portal.console.departments import department_of
from sls.callers.wording import SAY
from sls.methods import registry
from tests import phones
from tests.cast import app_device, card_device, member_of_staff, response
from tests.portal.console.conftest import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def open_talk(desk: Client, **fields: str) -> Talk:
    posted = desk.post("/console/clients/alice/talk/", {"topic": "sign_in"} | fields)
    assert posted.status_code == 302, posted.content.decode()
    talk = Talk.objects.latest("opened_at")
    assert posted["Location"] == f"/console/talks/{talk.reference}/"
    return talk


def path(talk: Talk, then: str = "") -> str:
    return f"/console/talks/{talk.reference}/{then}"


def way(talk: Talk, method: str) -> str:
    return next(row.id for row in registry.devices(talk.user_id) if row.method == method)


def test_an_agent_opens_one_and_reads_the_reference(agent, alice, sam):
    page = agent.get("/console/clients/alice/talk/").content.decode()
    assert "What is it about?" in page
    talk = open_talk(agent)
    assert (talk.user, talk.staff, talk.department) == (alice, sam, Department.SERVICES)
    page = agent.get(path(talk)).content.decode()
    assert talk.shown in page
    assert "Caller not proven" in page
    assert talk.shown in agent.get("/console/talks/").content.decode()
    assert Entry.objects.filter(event=Event.CLIENT_OPENED, detail__part="talk").exists()


def test_the_department_follows_from_the_role(agent, officer, alice, sam, uma):
    assert department_of(sam) is Department.SERVICES
    assert department_of(uma) is Department.SECURITY
    cards = member_of_staff("karl", "+14155550120", "card_logistics")
    assert department_of(cards) is Department.CARDS
    # Nobody chooses it.
    assert open_talk(agent, department="security").department == Department.SERVICES


def test_a_topic_is_chosen_and_none_is_made_up(agent, alice):
    for topic in ("", "nonsense", "<b>x</b>"):
        page = agent.post("/console/clients/alice/talk/", {"topic": topic})
        assert "Choose what it is about." in page.content.decode()
    assert not Talk.objects.exists()


def test_a_call_reads_it_out(agent, alice):
    talk = open_talk(agent, call="on")
    assert Message.objects.get(name="caller_reference").about == str(talk.pk)
    agent.post(path(talk, "call/"))
    assert Message.objects.filter(name="caller_reference").count() == 2


def test_a_code_proves_the_caller_and_staff_never_see_it(agent, alice):
    talk = open_talk(agent)
    agent.post(path(talk, "ask/"), {"way": way(talk, "sms"), "delivery": "sms"})
    code = Challenge.objects.latest("created_at").code()
    page = agent.get(path(talk)).content.decode()
    assert "A code is on its way to the verified number" in page
    assert code not in page
    assert "+14155550101" not in page
    answered = agent.post(path(talk, "answer/"), {"code": "000000"}).content.decode()
    assert "does not match" in answered
    assert code not in answered
    assert agent.post(path(talk, "answer/"), {"code": code})["Location"] == path(talk)
    page = agent.get(path(talk)).content.decode()
    assert "The caller is the client." in page
    assert code not in page


def test_a_card_is_asked_by_a_challenge_that_is_read_out(agent, alice):
    card_device(alice)
    talk = open_talk(agent)
    agent.post(path(talk, "ask/"), {"way": way(talk, "dsc_plus")})
    challenge = Challenge.objects.latest("created_at")
    page = agent.get(path(talk)).content.decode()
    assert f"{challenge.question[:3]} {challenge.question[3:]}" in page
    assert response(challenge) not in page
    agent.post(path(talk, "answer/"), {"code": response(challenge)})
    talk.refresh_from_db()
    assert talk.proof == Proof.PASSED


def test_a_phone_is_asked_by_digits_that_are_read_out(agent, alice):
    phone = phones.activated(alice)
    talk = open_talk(agent)
    agent.post(path(talk, "ask/"), {"way": way(talk, "ib_key")})
    page = agent.get(path(talk)).content.decode()
    digits = re.search(r'read-out__text figures">(\d{3})<', page).group(1)
    assert (
        "Not approved" in agent.post(path(talk, "answer/"), {"code": "approved"}).content.decode()
    )
    phone.approve(phone.waits(), digits)
    agent.post(path(talk, "answer/"), {"code": "approved"})
    assert "The caller is the client." in agent.get(path(talk)).content.decode()


def test_a_caller_who_fails_is_told_to_the_client(agent, alice):
    talk = open_talk(agent)
    agent.post(path(talk, "ask/"), {"way": way(talk, "sms"), "delivery": "sms"})
    code = Challenge.objects.latest("created_at").code()
    bad = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(5):
        agent.post(path(talk, "answer/"), {"code": bad})
    page = agent.get(path(talk)).content.decode()
    assert "The caller is not the client." in page
    assert f"{talk.reference}/ask/" not in page
    assert Message.objects.filter(name="caller_failed").count() == 2


def test_it_ends_and_takes_nothing_then(agent, alice):
    app_device(alice)
    talk = open_talk(agent)
    assert agent.post(path(talk, "end/"))["Location"] == "/console/talks/"
    page = agent.post(path(talk, "ask/"), {"way": way(talk, "authenticator_app")})
    assert "takes no further answer" in page.content.decode()
    assert agent.post(path(talk, "answer/"), {"code": "123456"}).status_code == 200
    talk.refresh_from_db()
    assert talk.proof == Proof.NONE


@pytest.mark.parametrize("then", ["", "call/", "ask/", "answer/", "end/"])
def test_a_colleague_does_not_go_on_with_it(agent, lead, alice, then):
    talk = open_talk(agent)
    ask = lead.post if then else lead.get
    assert ask(path(talk, then), {"code": "x", "way": "x"}).status_code == 404
    assert talk.shown not in lead.get("/console/talks/").content.decode()
    talk.refresh_from_db()
    assert talk.is_open


@pytest.mark.parametrize("role", ["auditor", "card_logistics", ""])
def test_whoever_may_not_call_clients_opens_none(alice, role):
    other = signed_in(member_of_staff("karl", "+14155550120", role))
    for url in ("/console/talks/", "/console/clients/alice/talk/", "/console/talks/4K7TQ29M/"):
        assert other.get(url).status_code == 403
    assert other.post("/console/clients/alice/talk/", {"topic": "sign_in"}).status_code == 403
    assert not Talk.objects.exists()


def test_a_client_finds_none_of_it(client, agent, alice, sign_in):
    talk = open_talk(agent)
    sign_in(client, alice)
    for then in ("", "call/", "ask/", "answer/", "end/"):
        assert client.post(path(talk, then), {"code": "approved"}).status_code in (404, 405)
    assert client.get("/console/talks/").status_code == 404


def test_staff_are_no_clients(agent, tess):
    for name in ("tess", "sam", "nobody"):
        assert agent.get(f"/console/clients/{name}/talk/").status_code == 404
        posted = agent.post(f"/console/clients/{name}/talk/", {"topic": "sign_in"})
        assert posted.status_code == 404


def test_hostile_names_are_text(agent, alice):
    User.objects.filter(pk=alice.pk).update(name="<script>alert(1)</script>")
    talk = open_talk(agent)
    for url in (path(talk), "/console/talks/", "/console/clients/alice/talk/"):
        page = agent.get(url).content.decode()
        assert "<script>alert" not in page


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_way_and_topic_has_its_words(language):
    with translation.override(language):
        assert all(str(one.label) for one in Topic)
        assert all(str(words) for words in SAY.values())
