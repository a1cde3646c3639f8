"""Swindlers on the telephone, on both ends, and answers that race (A13, A14, A1)."""

import re

import pytest
from django.test import Client

from accounts.audit import services as audit
from accounts.callers.models import Talk
from accounts.callers.rules import Proof
from accounts.cases.models import Case
from accounts.challenges.models import Challenge
from accounts.holds.models import Hold
from accounts.outbox.models import Message
from accounts.transactions import services as transactions
from accounts.transactions.models import Transaction
from accounts.transactions.rules import State
from accounts.users.models import User
from sls.callers import services
from sls.methods.sms.models import PhoneDevice
from tests.accounts.callers.conftest import DESK, opened
from tests.accounts.transactions.conftest import HERE, flagged
from tests.attacks.tools import at_once, browser, other_than
from tests.cast import app_device, begin, card_device, member_of_staff
from tests.portal.console.conftest import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def asked(talk: Talk) -> Challenge:
    way = next(way for way in services.ways(talk.user_id) if way.channels)
    assert services.ask(talk=talk, way=way.row.id, delivery=None, origin=DESK) is None
    talk.refresh_from_db()
    return Challenge.objects.get(pk=talk.challenge_id)


def test_of_many_answers_at_once_one_counts(alice):
    """Mine in five tabs, not mine in five others: one of ten, and a whole record."""
    made = flagged(alice)

    def act(number: int) -> bool:
        row = Transaction.objects.get(pk=made.pk)
        verb = transactions.confirm if number % 2 else transactions.refuse
        return verb(made=row, origin=HERE)

    assert sum(at_once(10, act)) == 1
    made.refresh_from_db()
    lifted = Hold.objects.get(user=alice).lifted_at is not None
    assert lifted is (made.state is State.MINE)
    assert Case.objects.count() == (0 if lifted else 1)
    assert audit.verify(alice) is None


def test_a_system_that_says_it_many_times_at_once_asks_once(alice):
    made = at_once(6, lambda _number: flagged(alice, external="fraud-77").pk)
    assert len(set(made)) == 1
    assert Hold.objects.count() == 1


def test_of_many_right_answers_at_once_one_is_judged(alice, sam):
    talk = opened(alice, sam)
    code = asked(talk).code()

    def act(_number: int) -> bool:
        row = Talk.objects.select_related("challenge").get(pk=talk.pk)
        return services.answer(talk=row, text=code, origin=DESK) is None

    assert any(at_once(8, act))
    talk.refresh_from_db()
    assert talk.proof == Proof.PASSED
    assert Challenge.objects.get(pk=talk.challenge_id).used_at is not None
    assert audit.verify(alice) is None


def test_guessing_in_many_conversations_switches_the_number_off(alice, clock):
    """The failures belong to the authenticator: no new conversation, no other member of staff,
    and no other channel begins them anew."""
    staff = [member_of_staff(f"agent{n}", f"+1415555012{n}", "support_agent") for n in range(4)]
    for one in staff:
        talk = opened(alice, one)
        bad = other_than(asked(talk).code())
        for _ in range(5):
            talk.refresh_from_db()
            services.answer(talk=talk, text=bad, origin=DESK)
        clock.shift(3600)
    device = PhoneDevice.objects.get(user=alice)
    assert (device.failures, device.disabled_at is None) == (20, False)
    assert services.ways(alice.pk) == []


def test_an_agent_cannot_use_up_the_codes_that_the_client_signs_in_with(alice, sam):
    for _ in range(6):
        talk = opened(alice, sam)
        for _again in range(3):
            way = services.ways(alice.pk)[0]
            services.ask(talk=talk, way=way.row.id, delivery=None, origin=DESK)
            talk.refresh_from_db()
    assert Message.objects.filter(name="caller_code").count() == 5
    talk = opened(alice, sam)
    way = services.ways(alice.pk)[0]
    problem = services.ask(talk=talk, way=way.row.id, delivery=None, origin=DESK)
    assert problem.code in ("not_sent", "too_often")
    talk.refresh_from_db()
    assert (talk.asks, talk.challenge) == (0, None)
    begin(Client(), alice.username)
    assert Message.objects.filter(name="security_code").count() == 1


def test_a_client_proves_nothing_at_the_desk_themselves(alice, bob, sam, sign_in):
    """A13: the pages of staff are not there for clients, whatever they know."""
    talk = opened(alice, sam)
    code = asked(talk).code()
    tab = sign_in(browser(), bob)
    posted = tab.post(f"/console/talks/{talk.reference}/answer/", {"code": code})
    assert posted.status_code == 404
    talk.refresh_from_db()
    assert talk.proof == Proof.ASKED


def test_a_role_taken_away_ends_it_at_once(alice, sam):
    """A14: whoever lost the role in the middle goes on with nothing."""
    desk = signed_in(sam)
    talk = opened(alice, sam)
    asked(talk)
    sam.groups.clear()
    for then in ("", "ask/", "answer/", "end/", "call/"):
        ask = desk.post if then else desk.get
        assert ask(f"/console/talks/{talk.reference}/{then}").status_code == 403
    User.objects.filter(pk=sam.pk).update(is_active=False)
    assert (
        "Hang up"
        in browser().post("/verify-caller/", {"reference": talk.reference}).content.decode()
    )


def test_fields_that_nobody_offered_change_nothing(alice, sam):
    """A14: no name, department, staff or proof is chosen by a form."""
    desk = signed_in(sam)
    desk.post(
        "/console/clients/alice/talk/",
        {
            "topic": "card",
            "name": "Uma",
            "department": "security",
            "staff": "1",
            "proof": "passed",
            "expires_at": "2999-01-01",
        },
    )
    talk = Talk.objects.get()
    assert (talk.name, talk.department, talk.staff) == ("Sam", "services", sam)
    assert talk.proof == Proof.NONE
    assert (talk.expires_at - talk.opened_at).total_seconds() == 1800


SECRET = re.compile(r"\b[A-HJ-NP-Z]{3}-\d{6}\b")


def test_no_page_of_staff_holds_a_code(alice, sam):
    """Every page of a conversation, in every state, against every code there is."""
    app_device(alice)
    card_device(alice)
    desk = signed_in(sam)
    seen: list[str] = []

    def look(response=None) -> None:
        pages = [desk.get("/console/talks/"), desk.get("/console/clients/alice/")]
        pages += [desk.get(f"/console/talks/{one.reference}/") for one in Talk.objects.all()]
        seen.extend(page.content.decode() for page in (*pages, response) if page is not None)

    look(desk.post("/console/clients/alice/talk/", {"topic": "card", "call": "on"}))
    talk = Talk.objects.get()
    url = f"/console/talks/{talk.reference}/"
    codes = set()
    for way in services.ways(alice.pk):
        delivery = {"delivery": way.channels[0].value} if way.channels else {}
        look(desk.post(f"{url}ask/", {"way": way.row.id} | delivery))
        challenge = Challenge.objects.latest("created_at")
        if challenge.secret is not None:
            codes.add(challenge.code())
            look(desk.post(f"{url}answer/", {"code": "000000"}))
    assert codes
    for page in seen:
        assert not SECRET.search(page)
        assert not any(code in page for code in codes)
        assert "+14155550101" not in page


def test_a_reference_says_nothing_of_its_client_anywhere_public(alice, sam, client: Client):
    talk = opened(alice, sam)
    page = client.post("/verify-caller/", {"reference": talk.reference})
    said = page.content.decode() + str(page.headers)
    for hidden in ("alice", "Alice", str(talk.pk), "U1000001", "5550101", "sam@", "Sam Example"):
        assert hidden not in said
    assert page["Cache-Control"].startswith("max-age=0")
