"""What becomes of a code on its way to a number whose SIM card was changed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.outbox import wording
from accounts.outbox.models import Channel, Status
from accounts.outbox.ports import Busy, Refused, Report, Unknown
from accounts.outbox.signals import new_sim

pytestmark = pytest.mark.django_db
NUMBER = "+14155550101"


@pytest.fixture(autouse=True)
def _asked(asked):
    """No task leaves these tests."""


@pytest.fixture
def met():
    """What the rooms above heard of codes that met a new SIM card."""
    told = []

    def hear(sender, signal, **what):
        told.append(what)

    new_sim.connect(hear)
    yield told
    new_sim.disconnect(hear)


@pytest.fixture
def swapped(telephone):
    """The network says that the SIM card was changed an hour ago."""
    telephone.known[NUMBER] = Report(swapped_at=timezone.now() - timedelta(hours=1))


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.VOICE])
def test_a_sensitive_code_does_not_go_to_a_new_sim(
    queued, deliver, telephone, swapped, met, channel
):
    message = deliver(queued(channel, sensitive=True))
    assert (message.status, message.detail, message.body) == (Status.FAILED, "new_sim", None)
    assert telephone.sent == []
    assert met == [{"user_id": None, "number": NUMBER, "sent": False}]


def test_the_page_says_why_it_was_kept_back(queued, deliver, swapped):
    told = wording.delivery(deliver(queued(sensitive=True)), timezone.now())
    assert told.text == (
        "Your number got a new SIM card recently, so no code for sensitive changes goes there. "
        "Use another way."
    )
    assert (told.advice, told.final) == ("support", True)


@pytest.mark.parametrize(
    "known",
    [
        Report(),
        Report(line_type="mobile"),
        Report(swapped_at=timezone.now() - timedelta(days=400)),
        Busy("429"),
        Unknown("ReadTimeout"),
        Refused(20003),
    ],
)
def test_nothing_known_keeps_no_code_back(queued, deliver, telephone, met, known):
    telephone.known[NUMBER] = known
    assert deliver(queued(sensitive=True)).status == Status.SENT
    assert (len(telephone.sent), met) == (1, [])


def test_a_provider_that_fails_does_not_hide_what_is_known(
    queued, deliver, telephone, swapped, clock
):
    deliver(queued(sensitive=True))
    telephone.known[NUMBER] = Busy("429")
    clock.shift(3600)
    assert deliver(queued(sensitive=True)).detail == "new_sim"


def test_minutes_later_nobody_is_asked_again(queued, deliver, telephone):
    for _code in range(3):
        deliver(queued(sensitive=True))
    assert telephone.looked_up == [NUMBER]


def test_signing_in_asks_nobody(queued, deliver, telephone):
    deliver(queued())
    assert telephone.looked_up == []


def test_a_code_for_signing_in_goes_to_a_new_sim_and_is_told(
    queued, deliver, telephone, swapped, met
):
    deliver(queued(sensitive=True))
    met.clear()
    assert deliver(queued()).status == Status.SENT
    assert met == [{"user_id": None, "number": NUMBER, "sent": True}]


def test_so_is_one_that_was_perhaps_sent(queued, deliver, telephone, swapped, met):
    deliver(queued(sensitive=True))
    met.clear()
    telephone.lose(Unknown("ReadTimeout"))
    assert deliver(queued()).status == Status.UNKNOWN
    assert [one["sent"] for one in met] == [True]


def test_what_holds_no_code_is_not_told(queued, deliver, swapped, met):
    deliver(queued(sensitive=True))
    met.clear()
    deliver(queued(name="test_message", is_code=False))
    assert met == []


def test_a_second_task_keeps_it_back_once(queued, deliver, swapped, met):
    message = deliver(queued(sensitive=True))
    deliver(message)
    assert len(met) == 1


def test_a_number_that_is_never_sent_to_is_not_looked_up(queued, deliver, telephone):
    assert deliver(queued(to="+19005551234", sensitive=True)).detail == "refused"
    assert telephone.looked_up == []
