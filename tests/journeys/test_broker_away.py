"""The broker is down when the password is posted."""

from accounts.outbox import tasks
from tests.waiting import wait_until

ALICE = "+14155550101"


def test_the_message_arrives_once_the_broker_is_back(person, alice, broker_away, monkeypatch):
    with broker_away():
        person.give_password("alice")
        person.sees("Check your phone", "h1")
        person.line_says("It is about to be sent.", status="queued")
    assert person.wire.messages(ALICE) == []

    def swept() -> bool:
        # Beat's part: every five seconds in the demo.
        tasks.sweep()
        return bool(person.wire.messages(ALICE))

    wait_until(swept, seconds=20)
    person.line_says("Delivered to your phone", status="delivered")
    assert len(person.wire.messages(ALICE)) == 1
    person.give_code(person.read_code(ALICE))
    person.is_in()
