"""The breaker: where codes are asked for and never used, sending stops."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.audit.models import Entry
from accounts.origin import SYSTEM
from accounts.outbox import delivery, signals, wording
from accounts.outbox.models import Channel, Message, Status
from accounts.outbox.spending import counting, rules, services
from accounts.outbox.spending.models import Breaker, Ending
from accounts.outbox.spending.rules import Gauge, Limits, Width
from tests.cast import person

LIMITS = Limits(least=20, share=0.15)


class TestRules:
    def test_a_number_is_in_three_ranges(self):
        found = rules.ranges("+14155550101", "US")
        assert [one.key for one in found] == ["+14155550", "+14155", "US"]
        assert [one.width for one in found] == list(Width)

    @pytest.mark.parametrize(
        ("gauge", "pumped"),
        [
            (Gauge(20, 0), False),
            (Gauge(21, 0), True),
            (Gauge(21, 3), True),
            (Gauge(21, 4), False),
            (Gauge(400, 59), True),
            (Gauge(400, 60), False),
        ],
    )
    def test_a_range_is_pumped_when_hardly_a_code_is_used(self, gauge, pumped):
        assert rules.is_pumped(gauge, LIMITS) is pumped

    @given(st.integers(0, 500), st.integers(0, 500))
    def test_more_used_codes_never_stop_a_range(self, sends, used):
        one, more = Gauge(sends, used), Gauge(sends, used + 1)
        assert rules.is_pumped(one, LIMITS) or not rules.is_pumped(more, LIMITS)

    def test_a_number_is_known_while_it_uses_one_code_in_five(self):
        assert rules.is_known([False, False, False, False, True])
        assert not rules.is_known([False] * 5 + [True])
        assert not rules.is_known([])

    def test_each_trial_that_fails_doubles_the_rest_up_to_half_a_day(self):
        rests = [rules.rest(number) for number in range(20)]
        assert rests[:3] == [timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1)]
        assert max(rests) == rests[-1] == timedelta(hours=12)


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asked(asked):
    """No task leaves these tests."""


def pump(queued, deliver, number: int, prefix: str = "+1415555") -> list[Message]:
    """``number`` codes to as many strangers."""
    return [
        deliver(queued(to=f"{prefix}{place:04}", about=f"challenge {prefix} {place}"))
        for place in range(number)
    ]


def sent(messages: list[Message]) -> int:
    return sum(one.status == Status.SENT for one in messages)


class TestAPump:
    def test_of_a_thousand_sends_with_no_entry_at_most_25_leave(self, queued, deliver, telephone):
        messages = pump(queued, deliver, 1000)
        assert len(telephone.sent) == sent(messages) == 20
        assert {(m.status, m.detail) for m in messages[20:]} == {(Status.FAILED, "pumping")}

    @pytest.mark.parametrize(
        ("spread", "width"), [(1, "thousand"), (1_000, "million"), (1_000_000, "country")]
    )
    def test_spreading_over_ranges_does_not_help(self, queued, deliver, telephone, spread, width):
        for place in range(40):
            deliver(queued(to=f"+8190{10_000_000 + place * spread:08}", about=f"c{place}"))
        assert len(telephone.sent) <= 25
        assert Breaker.objects.get().width == width

    def test_calls_are_counted_with_texts(self, queued, deliver, telephone):
        for place in range(40):
            channel = Channel.VOICE if place % 2 else Channel.SMS
            deliver(queued(channel, to=f"+1415555{place:04}", about=f"c{place}"))
        assert len(telephone.sent) == 20

    def test_it_is_recorded_and_told_once(self, queued, deliver):
        told = []

        def hear(**heard):
            told.append(heard["breaker"].range)

        signals.breaker.connect(hear)
        try:
            pump(queued, deliver, 30)
        finally:
            signals.breaker.disconnect(hear)
        entry = Entry.objects.get(event="guard.breaker")
        assert entry.detail == {"range": "+14155550 xxx", "sends": 20, "used": 0}
        assert told == ["+14155550 xxx"]
        assert Breaker.objects.get().stopped == 10

    def test_the_person_is_told_why_and_is_not_left_waiting(self, queued, deliver):
        shown = wording.delivery(pump(queued, deliver, 21)[-1], timezone.now())
        assert shown.final
        assert "hardly any of them was used" in shown.text
        assert shown.advice == "support"

    def test_another_range_is_served(self, queued, deliver):
        pump(queued, deliver, 30)
        assert deliver(queued(to="+819012345678", about="x")).status == Status.SENT

    def test_its_neighbours_are_not_judged_by_it(self, queued, deliver):
        pump(queued, deliver, 30)
        others = pump(queued, deliver, 15, prefix="+1415666")
        assert sent(others) == 15

    def test_ranges_side_by_side_stop_the_wider_one(self, queued, deliver, telephone):
        for place in range(6):
            pump(queued, deliver, 25, prefix=f"+141555{place}")
        assert len(telephone.sent) == 60
        assert Breaker.objects.filter(key="+14155", width="million").exists()

    def test_one_code_that_the_pump_uses_buys_it_nothing(self, queued, deliver, telephone):
        own = deliver(queued(to="+14155550001", about="own"))
        services.mark_used([own.about])
        pump(queued, deliver, 200)
        assert len(telephone.sent) <= 25

    def test_messages_that_are_no_codes_are_not_judged(self, queued, deliver, telephone):
        for place in range(30):
            deliver(queued(to=f"+1415555{place:04}", about="", is_code=False))
        assert len(telephone.sent) == 30


class TestHonestPeople:
    def test_a_range_in_which_codes_are_used_stays_open(self, queued, deliver, telephone):
        for place in range(60):
            message = deliver(queued(to=f"+1415555{place:04}", about=f"c{place}"))
            if place % 2 == 0:
                services.mark_used([message.about])
        assert len(telephone.sent) == 60

    def test_a_number_that_used_a_code_before_passes_an_open_breaker(self, queued, deliver):
        known = "+14155550999"
        services.mark_used([deliver(queued(to=known, about="before")).about])
        pump(queued, deliver, 45)
        assert Breaker.objects.exists()
        assert deliver(queued(to=known, about="now")).status == Status.SENT

    def test_what_the_carrier_could_not_deliver_counts_against_nobody(
        self, queued, deliver, telephone, django_capture_on_commit_callbacks
    ):
        from accounts.outbox.services import settle

        for place in range(40):
            message = deliver(queued(to=f"+1415555{place:04}", about=f"c{place}"))
            with django_capture_on_commit_callbacks(execute=True):
                settle(message.pk, status=Status.UNDELIVERED, error_code=30008)
        assert len(telephone.sent) == 40


class TestTheWayBack:
    def opened(self, queued, deliver) -> Breaker:
        pump(queued, deliver, 21)
        return Breaker.objects.get()

    def test_one_code_is_let_through_when_the_rest_is_over(self, queued, deliver, telephone, clock):
        self.opened(queued, deliver)
        clock.shift(15 * 60 + 1)
        before = len(telephone.sent)
        trial, next_one = (deliver(queued(to=f"+141555507{n}0", about=f"t{n}")) for n in (1, 2))
        assert (trial.status, next_one.detail) == (Status.SENT, "pumping")
        assert len(telephone.sent) == before + 1
        row = Breaker.objects.get()
        assert (row.rounds, row.trials) == (1, [str(trial.pk)])
        assert row.trial_at - timezone.now() > timedelta(minutes=29)

    def test_it_closes_when_that_code_is_used(self, queued, deliver, clock):
        self.opened(queued, deliver)
        clock.shift(15 * 60 + 1)
        trial = deliver(queued(to="+14155550710", about="trial"))
        services.mark_used([trial.about])
        row = Breaker.objects.get()
        assert (row.ending, row.closed_at is None) == (Ending.USED, False)
        assert Entry.objects.filter(event="guard.breaker_closed").count() == 1
        assert deliver(queued(to="+14155550720", about="after")).status == Status.SENT

    def test_a_used_code_that_was_no_trial_does_not_close_it(self, queued, deliver, clock):
        first = pump(queued, deliver, 21)[0]
        services.mark_used([first.about])
        assert Breaker.objects.get().closed_at is None

    def test_staff_let_a_range_through_for_some_hours(self, queued, deliver, clock, telephone):
        row, lena = self.opened(queued, deliver), person("lena", staff=True)
        done = services.let_through(
            breaker=row, staff=lena, actor="staff:lena", origin=SYSTEM,
            reason="Campaign in Oakland", ticket="T-1", hours=4,
        )  # fmt: skip
        assert done
        entry = Entry.objects.get(event="guard.breaker_overruled")
        assert (entry.actor, entry.detail["ticket"]) == ("staff:lena", "T-1")
        before = len(telephone.sent)
        pump(queued, deliver, 30, prefix="+1415555")
        # The wider ranges are judged on.
        assert len(telephone.sent) - before >= 20

    def test_after_those_hours_it_is_judged_again(self, queued, deliver, clock, telephone):
        row, lena = self.opened(queued, deliver), person("lena", staff=True)
        services.let_through(
            breaker=row, staff=lena, actor="staff:lena", origin=SYSTEM,
            reason="x", ticket="T-1", hours=1,
        )  # fmt: skip
        clock.shift(3601)
        counting.clear("+14155550")  # what Redis forgets by itself by then
        services.sync()
        pump(queued, deliver, 30)
        assert Breaker.objects.filter(closed_at=None).exists()

    def test_redis_that_forgot_is_told_again(self, queued, deliver):
        self.opened(queued, deliver)
        counting.clear("+14155550")
        services.sync()
        assert deliver(queued(to="+14155550333", about="x")).detail == "pumping"


def test_a_worker_asks_one_statement_and_one_trip_more(queued, gateways, counted_queries):
    from tests.bench.counts import counted_trips

    delivery.deliver(queued(to="+819012345678", about="warm").pk, gateways)
    message = queued(to="+819012345679", about="x")
    with counted_queries() as sql, counted_trips() as trips:
        assert not services.stops(message)
    assert (len(sql), len(trips)) == (1, 1)
