"""A carrier that fails: the other channel comes first, and back again, by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.audit.models import Entry
from accounts.origin import SYSTEM
from accounts.outbox.models import Channel, Message, Status
from accounts.outbox.outage import rules, services, wording
from accounts.outbox.outage.models import Outage
from accounts.outbox.outage.rules import Limits, Tally
from tests.cast import begin, person
from tests.sql import counted_queries

LIMITS = Limits(least=10, share=0.5)


@pytest.mark.parametrize(
    ("told", "failed", "was_away", "away"),
    [
        (9, 9, False, False),
        (10, 4, False, False),
        (10, 5, False, True),
        (10, 5, True, True),
        (2, 0, True, True),  # too few to tell
        (3, 0, True, False),
        (10, 2, True, True),
        (10, 1, True, False),
        (0, 0, True, False),  # nobody tried any more: the next ones find out
        (0, 0, False, False),
    ],
)
def test_it_goes_after_many_failures_and_comes_back_after_few_successes(
    told, failed, was_away, away
):
    assert rules.is_away(Tally(told, failed), LIMITS, was_away=was_away) is away


@pytest.mark.parametrize(
    ("away", "first"),
    [((), "sms"), (("sms",), "voice"), (("voice",), "sms"), (("sms", "voice"), "sms")],
)
def test_the_other_channel_comes_first_while_it_works(away, first):
    assert rules.default("sms", frozenset(away), ("sms", "voice")) == first


@pytest.mark.parametrize(
    ("status", "detail", "code", "tries", "fault"),
    [
        (Status.SENT, "sent", None, 1, False),
        (Status.DELIVERED, "delivered", None, 1, False),
        (Status.UNKNOWN, "", None, 1, True),
        (Status.FAILED, "busy", None, 4, True),
        (Status.QUEUED, "", None, 2, True),
        (Status.QUEUED, "", None, 0, None),
        (Status.FAILED, "pumping", None, 0, None),
        (Status.FAILED, "expired", None, 0, None),
        (Status.UNDELIVERED, "undelivered", 30008, 1, True),
        (Status.UNDELIVERED, "undelivered", 30006, 1, False),  # a landline is no fault of it
        (Status.UNDELIVERED, "no-answer", None, 1, False),
        (Status.UNDELIVERED, "failed", None, 1, True),
        (Status.ABORTED, "", None, 0, None),
    ],
)
def test_what_a_carrier_has_to_answer_for(status, detail, code, tries, fault):
    assert services.fault(status, detail, code, tries) is fault


pytestmark = pytest.mark.django_db


def messages(number: int, status: Status, channel: Channel = Channel.SMS, **fields) -> None:
    now = timezone.now()
    Message.objects.bulk_create(
        Message(
            channel=channel,
            name="security_code",
            to="+14155550101",
            country="US",
            language="en",
            status=status,
            created_at=now,
            not_before=now,
            expires_at=now,
            changed_at=now,
            **fields,
        )
        for _ in range(number)
    )


class TestBySelf:
    def test_it_goes_is_recorded_and_comes_back(self, clock):
        messages(10, Status.UNDELIVERED, error_code=30008)
        services.judge()
        assert services.away() == {"sms"}
        assert Entry.objects.filter(event="guard.carrier_away").count() == 1
        clock.shift(6 * 60)
        messages(5, Status.DELIVERED)
        services.judge()
        assert services.away() == frozenset()
        assert Entry.objects.filter(event="guard.carrier_back").count() == 1
        assert Outage.objects.get().over_at is not None

    def test_each_channel_is_judged_by_its_own(self):
        messages(10, Status.UNKNOWN, Channel.VOICE)
        messages(10, Status.DELIVERED)
        services.judge()
        assert services.away() == {"voice"}

    def test_a_page_asks_redis_once_and_no_table(self, counted_queries):
        from tests.bench.counts import counted_trips

        with counted_queries() as sql, counted_trips() as trips:
            services.away()
        assert (len(sql), len(trips)) == (0, 1)


class TestStaff:
    def say(self, away: bool, hours: int) -> None:
        services.overrule(
            channel=Channel.SMS, away=away, hours=hours, staff=person("lena", staff=True),
            actor="staff:lena", origin=SYSTEM, reason="Carrier confirmed it", ticket="T-9",
        )  # fmt: skip

    def test_they_may_hold_that_it_works(self):
        messages(10, Status.UNKNOWN)
        services.judge()
        self.say(False, 2)
        services.judge()
        assert services.away() == frozenset()
        entry = Entry.objects.get(event="guard.carrier_overruled")
        assert (entry.actor, entry.detail["reason"]) == ("staff:lena", "Carrier confirmed it")

    def test_they_may_say_that_it_is_away_until_the_time_they_named(self, clock):
        self.say(True, 2)
        services.judge()
        assert services.away() == {"sms"}
        clock.shift(2 * 3600 + 1)
        services.judge()
        assert services.away() == frozenset()

    def test_their_word_is_written_before_the_chain_is_moved_as_when_it_is_judged(self):
        for write in (
            lambda: services._begin("voice", Tally(10, 10), timezone.now()),
            lambda: services._end(Outage.objects.get(channel="voice"), timezone.now()),
            lambda: services.overrule(
                channel=Channel.SMS, away=True, hours=1, staff=None, actor="staff:lena",
                origin=SYSTEM, reason="Carrier confirmed it", ticket="T-9",
            ),
        ):  # fmt: skip
            with counted_queries() as sql:
                write()
            of_both = [one for one in sql if "outage" in one or "systemchain" in one]
            first_of_chain = next(i for i, one in enumerate(of_both) if "systemchain" in one)
            assert not any(
                one.startswith(("INSERT", "UPDATE")) and "outage" in one
                for one in of_both[first_of_chain:]
            )

    def test_what_they_said_while_it_was_judged_stands(self):
        self.say(False, 2)
        services._begin("sms", Tally(10, 10), timezone.now())
        assert not Outage.objects.get().away
        assert not Entry.objects.filter(event="guard.carrier_away").exists()


class TestTheCodePage:
    @pytest.fixture
    def _away(self):
        Outage.objects.create(channel="sms", began_at=timezone.now() - timedelta(minutes=1))
        services.publish()

    @pytest.mark.usefixtures("_away")
    def test_says_so_sends_no_text_unasked_and_offers_the_call_first(self, client, alice):
        url = begin(client)
        assert not Message.objects.filter(is_code=True).exists()
        page = client.get(url).content.decode()
        assert wording.away({"sms"}) in page
        assert page.index('value="voice"') < page.index('value="sms"')

    @pytest.mark.usefixtures("_away")
    def test_a_text_is_sent_all_the_same_when_it_is_asked_for(self, client, alice):
        url = begin(client)
        client.post(f"{url}resend/", {"delivery": "sms"})
        assert Message.objects.get(is_code=True).channel == "sms"

    def test_says_nothing_while_all_is_well(self, client, alice):
        url = begin(client)
        assert "telephone service has trouble" not in client.get(url).content.decode()
        assert Message.objects.filter(is_code=True).exists()
