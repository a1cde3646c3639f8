"""The broker is down when the password is posted."""

from datetime import timedelta

from accounts.outbox import sweep, tasks
from tests.waiting import wait_until

ALICE = "+14155550101"


def test_the_message_arrives_once_the_broker_is_back(person, alice, broker_away, monkeypatch):
    with broker_away():
        person.give_password("alice")
        person.sees("Check your phone", "h1")
        person.line_says("It is about to be sent.", status="queued")
    assert person.wire.messages(ALICE) == []

    # A worker that is merely slow is not called again; here nobody waits for that.
    monkeypatch.setattr(sweep, "OVERDUE", timedelta(0))
    monkeypatch.setattr(sweep, "AGAIN", timedelta(0))
    # Beat's part.
    tasks.sweep()
    wait_until(lambda: person.wire.messages(ALICE))
    person.line_says("Delivered to your phone", status="delivered")
    assert len(person.wire.messages(ALICE)) == 1
    person.give_code(person.read_code(ALICE))
    person.is_in()
