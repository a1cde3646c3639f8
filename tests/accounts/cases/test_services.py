import pytest

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.cases import rules, services
from accounts.cases.models import Case, Kind, Letter, Status
from accounts.freeze import services as freezes
from accounts.freeze.models import How, Trading
from accounts.origin import SYSTEM
from accounts.outbox.models import Message
from tests.accounts.cases.conftest import HERE

pytestmark = pytest.mark.django_db


def freeze(user):
    return freezes.freeze(user_id=user.pk, origin=HERE, how=How.PAGE, trading=Trading.NONE)


def test_a_report_is_written_down_with_its_text(alice, hers):
    assert (hers.user, hers.kind, hers.status) == (alice, Kind.EMAIL, Status.RECEIVED)
    assert [one.text for one in hers.letters.all()] == ["It wants my password."]
    entry = Entry.objects.get(user=alice, event=Event.CASE_OPENED)
    assert entry.detail == {"reference": hers.reference, "kind": "email"}


def test_a_freeze_opens_a_case_under_its_reference(alice):
    made = freeze(alice)
    case = Case.objects.get()
    assert (case.user, case.kind, case.reference) == (alice, Kind.INCIDENT, made.reference)
    assert audit.verify(alice) is None
    freeze(alice)
    assert Case.objects.count() == 1


def test_a_freeze_is_made_even_where_its_reference_is_taken(alice, hers, monkeypatch):
    monkeypatch.setattr("accounts.references.new", lambda: hers.reference)
    assert freeze(alice).reference == hers.reference
    assert Case.objects.get() == hers


def test_a_report_without_an_account_is_nobodys(db):
    case = services.open(user=None, kind=Kind.CALL, origin=HERE, text="A call")
    assert case.user is None
    assert Entry.objects.get(event=Event.CASE_OPENED).user is None
    assert audit.verify(None) is None


def test_an_answer_is_told_without_what_it_says(alice, hers, sam):
    said = "Please send us the header lines"
    services.answer(case=hers, staff=sam, origin=SYSTEM, text=said, waits=True)
    hers.refresh_from_db()
    assert hers.status == Status.WAITING
    message = Message.objects.get(name="case_answered")
    assert message.to == "alice@example.com"
    assert hers.shown in str(message.content())
    assert said not in str(message.content())
    entry = Entry.objects.get(event=Event.CASE_ANSWERED)
    assert (entry.user, entry.actor) == (alice, "staff:sam")
    assert said not in str(entry.detail)


def test_the_owners_message_makes_it_our_turn(hers, sam):
    services.answer(case=hers, staff=sam, origin=SYSTEM, text="When?", waits=True)
    services.write(case=hers, text="Yesterday")
    hers.refresh_from_db()
    assert hers.status == Status.LOOKED_AT
    assert [one.staff for one in hers.letters.order_by("pk")] == [None, sam, None]


def test_somebody_takes_it_once(hers, sam):
    services.take(case=hers)
    hers.refresh_from_db()
    assert hers.status == Status.LOOKED_AT
    services.close(case=hers, staff=sam, origin=SYSTEM, reason="Not ours")
    services.take(case=hers)
    hers.refresh_from_db()
    assert hers.status == Status.CLOSED


def test_a_closed_case_takes_nothing(hers, sam):
    services.close(case=hers, staff=sam, origin=SYSTEM, reason="It was a swindle")
    services.close(case=hers, staff=sam, origin=SYSTEM, reason="Again")
    with pytest.raises(services.Closed):
        services.write(case=hers, text="But")
    with pytest.raises(services.Closed):
        services.answer(case=hers, staff=sam, origin=SYSTEM, text="But", waits=True)
    hers.refresh_from_db()
    assert (hers.status, hers.reason) == (Status.CLOSED, "It was a swindle")
    assert Entry.objects.filter(event=Event.CASE_CLOSED).count() == 1
    assert Message.objects.filter(name="case_closed").count() == 1


def test_a_case_holds_no_more_than_it_may(hers, monkeypatch):
    monkeypatch.setattr(rules, "LETTERS_MAX", 2)
    services.write(case=hers, text="two")
    with pytest.raises(services.Full):
        services.write(case=hers, text="three")
    assert Letter.objects.count() == 2


def test_nobody_answers_whom_nobody_knows(db, sam):
    case = services.open(user=None, kind=Kind.CALL, origin=HERE, text="A call")
    with pytest.raises(ValueError, match="nobody"):
        services.answer(case=case, staff=sam, origin=SYSTEM, text="x", waits=False)
    services.close(case=case, staff=sam, origin=SYSTEM, reason="Known")
    assert audit.verify(None) is None
