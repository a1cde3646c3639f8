"""What staff do for a client: through the services of everybody, recorded and told."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.approvals import services as approvals
from accounts.approvals.models import Request, State
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.freeze import services as freezes
from accounts.freeze.services import is_frozen
from accounts.holds.models import Hold, Why
from accounts.lockout import services as lockout
from accounts.origin import Origin
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from accounts.users.models import User
from portal.activity import words
from portal.console import acting
from portal.console.acts.table import ACTS
from portal.console.rules import DUAL, MAY, Role
from sls.methods.sms.models import PhoneDevice
from tests.attacks.tools import at_once
from tests.cast import app_device, begin, code_for

pytestmark = pytest.mark.django_db
WHY = {"reason": "The client asked for it by telephone", "ticket": "sup-1234"}


def act(client: Client, code: str, **fields: object):
    return client.post(f"/console/clients/alice/do/{code}/", WHY | fields)


def sms_of(user: User) -> PhoneDevice:
    return PhoneDevice.objects.get(user=user)


def told(user: User) -> list[str]:
    return list(Message.objects.filter(user=user).values_list("name", flat=True))


def test_a_pause_is_lifted_recorded_and_told(agent, alice):
    key = lockout.key_of("alice")
    for _ in range(10):
        lockout.failed(key)
    assert act(agent, "unlock").status_code == 302
    assert not lockout.standing(key).locked
    kept = Entry.objects.get(user=alice, event=Event.SUPPORT_ACTED)
    assert kept.actor == "staff:sam"
    assert kept.detail == {
        "act": "unlock",
        "staff": "Sam",
        "ticket": "SUP-1234",
        "reason": WHY["reason"],
    }
    assert "address" not in kept.origin or kept.origin["address"] == ""
    assert "support_acted" in told(alice)
    line = words.line(kept)
    assert line.by == "Sam of our staff"
    assert line.more == ["Lift the pause of sign-in", WHY["reason"]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"reason": "short"},
        {"reason": "x" * 201},
        {"ticket": ""},
        {"ticket": "12"},
        {"ticket": "=SUM(A1)"},
    ],
)
def test_without_reason_and_ticket_nothing_is_done(agent, alice, wrong):
    page = agent.post("/console/clients/alice/do/end_sessions/", WHY | wrong)
    assert page.status_code == 200
    assert "error-summary" in page.content.decode()
    assert not Entry.objects.filter(event=Event.SUPPORT_ACTED).exists()


def test_the_code_of_an_open_sign_in_is_sent_again_and_never_shown(agent, alice, time_machine):
    time_machine.move_to(timezone.now())
    begin(Client(), "alice")
    code = code_for(alice)
    page = act(agent, "resend", delivery="voice")
    assert page.status_code == 200, "too early: the spacing holds for staff too"
    time_machine.shift(40)
    assert act(agent, "resend", delivery="voice").status_code == 302
    assert Message.objects.filter(user=alice, channel="voice", is_code=True).count() == 1
    assert code not in agent.get("/console/clients/alice/").content.decode()


def test_without_an_open_sign_in_no_code_goes_out(agent, alice):
    page = act(agent, "resend", delivery="sms")
    assert "waits for a code now" in page.content.decode()
    assert not Message.objects.filter(user=alice, is_code=True).exists()


def test_sessions_end(agent, alice):
    client = Client()
    url = begin(client, "alice")
    client.post(f"{url}answer/", {"code": code_for(alice)})
    assert act(agent, "end_sessions").status_code == 302
    assert not Session.objects.filter(user=alice, ended_at=None).exists()


def test_a_number_is_marked(agent, alice):
    phone = PhoneNumber.objects.get(user=alice)
    act(agent, "mark_number", phone=phone.pk, mark="no_sms")
    phone.refresh_from_db()
    assert phone.sms_refused_by_carrier


def test_a_number_of_somebody_else_is_no_choice(agent, alice, bob):
    theirs = PhoneNumber.objects.get(user=bob)
    assert act(agent, "mark_number", phone=theirs.pk, mark="landline").status_code == 200
    theirs.refresh_from_db()
    assert theirs.line_type != "landline"


def test_a_suspended_authenticator_takes_no_answers(agent, alice):
    assert act(agent, "suspend", device=sms_of(alice).persistent_id).status_code == 302
    assert sms_of(alice).disabled_at is not None
    assert act(agent, "suspend", device=sms_of(alice).persistent_id).status_code == 200


def test_what_support_holds_support_lifts(agent, alice):
    assert act(agent, "hold", what="withdrawals", hours=72).status_code == 302
    row = Hold.objects.get(user=alice, why=Why.SUPPORT)
    assert (row.until - row.since).total_seconds() == 72 * 3600
    assert act(agent, "lift_hold", hold=row.pk).status_code == 302
    row.refresh_from_db()
    assert row.lifted_at is not None


def test_everything_is_stopped_by_one_and_goes_on_by_two(agent, lead, officer, alice):
    assert act(agent, "freeze", trading="close_only").status_code == 302
    alice.refresh_from_db()
    assert is_frozen(alice)
    assert act(lead, "thaw").status_code == 302
    asked = Request.objects.get(user=alice, act="thaw")
    alice.refresh_from_db()
    assert is_frozen(alice), "asking alone does nothing"
    decide(officer, asked)
    alice.refresh_from_db()
    assert not is_frozen(alice)
    assert Entry.objects.get(user=alice, event=Event.THAWED).actor == "staff:tess+uma"


def decide(client: Client, asked: Request, decision: str = "approve"):
    return client.post(
        f"/console/approvals/{asked.pk}/",
        {"decision": decision, "why": "I called the client back myself"},
    )


def test_a_removal_takes_two(agent, lead, alice):
    device = sms_of(alice)
    assert act(agent, "revoke", device=device.persistent_id).status_code == 302
    device.refresh_from_db()
    assert device.revoked_at is None
    decide(lead, Request.objects.get(user=alice, act="revoke"))
    device.refresh_from_db()
    assert device.revoked_at is not None
    kept = Entry.objects.get(user=alice, event=Event.SUPPORT_ACTED)
    assert (kept.detail["staff"], kept.detail["second"]) == ("Sam", "Tess")


def test_a_correction_is_never_a_way_in(agent, lead, alice):
    act(agent, "contact", kind="email", value="new@example.com")
    decide(lead, Request.objects.get(user=alice, act="contact"))
    made = EmailAddress.objects.get(user=alice, address="new@example.com")
    assert (made.verified_at, made.primary, made.suggested) == (None, False, True)
    assert Entry.objects.get(user=alice, event=Event.EMAIL_ADDED).actor == "staff:sam+tess"


def test_bad_contact_data_are_refused_before_anybody_is_asked(agent, alice):
    page = act(agent, "contact", kind="phone", value="not a number")
    assert page.status_code == 200
    assert "not a number" in page.content.decode()
    assert not Request.objects.exists()


def test_a_closed_name_signs_nobody_in(lead, alice):
    assert act(lead, "close").status_code == 302
    alice.refresh_from_db()
    assert not alice.is_active


@pytest.mark.parametrize("code", sorted(ACTS))
def test_an_agent_is_refused_each_act_that_is_not_theirs(agent, alice, code):
    found = ACTS[code]
    page = agent.get(f"/console/clients/alice/do/{code}/")
    if found.group in ("staff", "house"):
        assert page.status_code == 404
    else:
        expected = 200 if found.power in MAY[Role.AGENT] else 403
        assert page.status_code == expected


@pytest.mark.parametrize(
    "code", [code for code, one in ACTS.items() if one.power in DUAL and one.group != "house"]
)
def test_what_takes_two_is_never_done_by_one(code, alice, sam):
    with pytest.raises(ValueError, match="takes two"):
        acting.do(ACTS[code], user=alice, form=None, staff=sam, origin=None)


def test_a_request_is_decided_once_and_by_another(agent, lead, officer, alice, sam):
    act(agent, "revoke", device=sms_of(alice).persistent_id)
    asked = Request.objects.get(user=alice)
    assert agent.get(f"/console/approvals/{asked.pk}/").status_code == 200
    decide(agent, asked)
    asked.refresh_from_db()
    assert asked.state == State.OPEN
    decide(lead, asked, "refuse")
    decide(officer, asked)
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by.username) == (State.REFUSED, "tess")
    assert sms_of(alice).revoked_at is None


def test_who_became_a_lead_since_does_not_decide_their_own(agent, alice, sam):
    act(agent, "revoke", device=sms_of(alice).persistent_id)
    asked = Request.objects.get(user=alice)
    sam.groups.set([sam.groups.model.objects.get_or_create(name="support_lead")[0]])
    decide(agent, asked)
    asked.refresh_from_db()
    assert asked.state == State.OPEN


def test_two_names_of_one_person_are_not_two_persons(agent, lead, alice, sam, tess):
    User.objects.filter(pk__in=(sam.pk, tess.pk)).update(person="P-1")
    act(agent, "revoke", device=sms_of(alice).persistent_id)
    asked = Request.objects.get(user=alice)
    decide(lead, asked)
    asked.refresh_from_db()
    assert asked.state == State.OPEN


def test_a_request_ends_after_half_an_hour(agent, lead, alice, time_machine):
    act(agent, "revoke", device=sms_of(alice).persistent_id)
    asked = Request.objects.get(user=alice)
    time_machine.move_to(timezone.now())
    time_machine.shift(9 * 60)
    lead.get("/console/")
    for _ in range(3):
        time_machine.shift(8 * 60)
        lead.get("/console/")
    decide(lead, asked)
    asked.refresh_from_db()
    assert asked.decided_by is None
    assert sms_of(alice).revoked_at is None


def test_whoever_asked_withdraws(agent, alice):
    act(agent, "revoke", device=sms_of(alice).persistent_id)
    asked = Request.objects.get(user=alice)
    agent.post(f"/console/approvals/{asked.pk}/", {"decision": "withdraw"})
    asked.refresh_from_db()
    assert asked.state == State.WITHDRAWN


def test_one_request_of_an_act_at_a_time(agent, alice):
    device = sms_of(alice).persistent_id
    act(agent, "revoke", device=device)
    page = act(agent, "revoke", device=device)
    assert "waits for a second person already" in page.content.decode()
    assert Request.objects.count() == 1


def test_an_auditor_changes_nothing(alice, uma, officer):
    uma.groups.set([uma.groups.model.objects.get_or_create(name="auditor")[0]])
    assert officer.get("/console/clients/alice/").status_code == 200
    for code in ACTS:
        assert act(officer, code).status_code in (403, 404)
    assert officer.get("/console/cases/").status_code == 403
    assert officer.get("/console/staff/").status_code == 403


def test_roles_are_changed_by_two_and_never_ones_own(officer, lead, sam, uma, tess):
    assert officer.get("/console/staff/uma/roles/").status_code == 404
    fields = WHY | {"support_lead": "on"}
    assert officer.post("/console/staff/sam/roles/", fields).status_code == 302
    asked = Request.objects.get(user=sam, act="roles")
    assert lead.get(f"/console/approvals/{asked.pk}/").status_code == 404, "no power over roles"
    tess.groups.set([tess.groups.model.objects.get(name="security_officer")])
    decide(lead, asked)
    assert list(sam.groups.values_list("name", flat=True)) == ["support_lead"]
    assert Entry.objects.get(user=sam, event=Event.STAFF_ROLES).actor == "staff:uma"


def test_whose_roles_they_are_does_not_decide(officer, agent, sam, uma):
    officer.post("/console/staff/sam/roles/", WHY | {"security_officer": "on"})
    asked = Request.objects.get(user=sam, act="roles")
    sam.groups.set([sam.groups.model.objects.get_or_create(name="security_officer")[0]])
    decide(agent, asked)
    asked.refresh_from_db()
    assert asked.state == State.OPEN


def test_nobody_helps_themselves(agent, alice, sam):
    User.objects.filter(pk__in=(alice.pk, sam.pk)).update(person="P-7")
    assert act(agent, "unlock").status_code == 403
    assert agent.get("/console/clients/alice/do/revoke/").status_code == 403


@pytest.mark.parametrize("gone", ["closed", "role", "client"])
def test_a_request_of_whoever_may_not_ask_any_more_is_not_carried_out(
    agent, lead, alice, sam, gone
):
    act(agent, "revoke", device=sms_of(alice).persistent_id)
    asked = Request.objects.get(user=alice)
    if gone == "closed":
        User.objects.filter(pk=sam.pk).update(is_active=False)
    elif gone == "role":
        sam.groups.clear()
    else:
        User.objects.filter(pk__in=(alice.pk, sam.pk)).update(person="P-7")
    assert decide(lead, asked).status_code == 302
    asked.refresh_from_db()
    assert asked.state == State.OPEN
    assert sms_of(alice).revoked_at is None


def test_who_says_not_me_again_did_not_ask_to_go_on(agent, lead, officer, alice):
    act(agent, "freeze", trading="close_only")
    act(lead, "thaw")
    asked = Request.objects.get(user=alice, act="thaw")
    freezes.ask_to_thaw(user_id=alice.pk, origin=Origin())
    act(agent, "freeze", trading="none")
    decide(officer, asked)
    alice.refresh_from_db()
    assert is_frozen(alice)


def test_a_request_lets_no_later_stop_go_on(agent, lead, officer, alice):
    act(agent, "freeze", trading="close_only")
    act(lead, "thaw")
    asked = Request.objects.get(user=alice, act="thaw")
    freezes.thaw(user_id=alice.pk, origin=Origin(), by="staff:command")
    act(agent, "freeze", trading="close_only")
    Request.objects.filter(pk=asked.pk).update(state=State.OPEN)
    decide(officer, asked)
    alice.refresh_from_db()
    assert is_frozen(alice)


def test_nothing_is_asked_for_where_nothing_is_stopped(lead, alice):
    assert "Nothing is stopped." in act(lead, "thaw").content.decode()
    assert not Request.objects.exists()


def test_the_record_names_staff_whatever_service_acts(agent, lead, alice):
    client = Client()
    url = begin(client, "alice")
    client.post(f"{url}answer/", {"code": code_for(alice)})
    act(agent, "end_sessions")
    act(agent, "revoke", device=sms_of(alice).persistent_id)
    decide(lead, Request.objects.get(user=alice))
    for event in (Event.SESSION_ENDED, Event.DEVICE_REVOKED):
        first = Entry.objects.filter(user=alice, event=event).earliest("number")
        assert first.actor.startswith("staff:"), event


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("config.getoption('--db') == 'sqlite'", reason="one writer only")
def test_of_many_who_decide_at_once_one_does(alice, sam, tess, uma):
    for _round in range(10):
        device = app_device(alice, "Pixel")
        asked = approvals.ask(
            user=alice,
            act="revoke",
            power="revoke",
            values={"device": device.persistent_id},
            reason=WHY["reason"],
            ticket="SUP-1",
            staff=sam,
            origin=Origin(),
        )

        def decide_it(number: int, pk: int = asked.pk) -> object:
            by = (tess, uma)[number % 2]
            return approvals.approve(
                pk=pk,
                by=by,
                has_power=True,
                why="Called back",
                origin=Origin(platform="console"),
                act=lambda one, user: acting.carry_out(
                    one, user, second=by, origin=Origin(platform="console")
                ),
            )

        outcomes = at_once(8, decide_it)
        assert outcomes.count(None) == 1
        done = Entry.objects.filter(user=alice, event=Event.SUPPORT_ACTED)
        assert done.count() == _round + 1
