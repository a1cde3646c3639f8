"""What is asked of the network about a number, what is kept, and who hears of it."""

import logging
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.outbox import lookups
from accounts.outbox.models import Lookup
from accounts.outbox.ports import Busy, Refused, Report, Unknown
from accounts.outbox.signals import reported
from accounts.outbox.sweep import purge, sweep

pytestmark = pytest.mark.django_db
NUMBER = "+14155550101"


@pytest.fixture
def heard() -> list[dict]:
    """What the rooms above heard."""
    told: list[dict] = []

    def hear(sender, signal, **what):
        told.append(what)

    reported.connect(hear)
    yield told
    reported.disconnect(hear)


@pytest.fixture
def look_up(telephone):
    """Does what the task does; returns the row."""

    def run() -> Lookup:
        lookup, _is_new = Lookup.objects.get_or_create(
            number=NUMBER, defaults={"wanted_at": timezone.now()}
        )
        lookups.look_up(lookup.pk, telephone)
        lookup.refresh_from_db()
        return lookup

    return run


def test_a_worker_is_called_after_the_commit(asked, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        lookups.ask(NUMBER)
        assert asked == []
    assert asked == [("look_up", Lookup.objects.get().pk, 0)]


def test_a_number_has_one_row_however_often_it_is_asked_about(
    asked, django_capture_on_commit_callbacks, counted_queries
):
    with django_capture_on_commit_callbacks(execute=True):
        lookups.ask(NUMBER)
        with counted_queries(1):
            lookups.ask(NUMBER)
    pk = Lookup.objects.get().pk
    assert [row for _task, row, _delay in asked] == [pk, pk]


def test_the_answer_is_kept_and_told(look_up, telephone, heard):
    at = timezone.now() - timedelta(hours=5)
    telephone.known[NUMBER] = Report(line_type="mobile", swapped_at=at)
    lookup = look_up()
    assert (lookup.line_type, lookup.swapped_at, lookup.wanted_at) == ("mobile", at, None)
    assert heard == [
        {
            "number": NUMBER,
            "line_type": "mobile",
            "swapped_at": at,
            "at": lookup.answered_at,
        }
    ]


def test_a_fresh_answer_is_told_again_and_nobody_is_asked(look_up, telephone, heard, clock):
    look_up()
    clock.shift(599)
    Lookup.objects.update(wanted_at=timezone.now())
    assert look_up().wanted_at is None
    assert (telephone.looked_up, len(heard)) == ([NUMBER], 2)
    clock.shift(2)
    look_up()
    assert telephone.looked_up == [NUMBER, NUMBER]


@pytest.mark.parametrize("error", [Busy("429"), Unknown("ReadTimeout"), Refused(20003)])
def test_no_answer_is_nothing_known_and_stays_wanted(look_up, telephone, heard, error):
    telephone.known[NUMBER] = error
    lookup = look_up()
    assert lookup.wanted_at is not None
    assert (lookup.answered_at, lookup.line_type, lookup.swapped_at) == (None, "", None)
    assert heard == []
    assert not lookups.has_new_sim(NUMBER, telephone)


def test_what_an_operator_must_mend_is_an_error_in_the_log(look_up, telephone, caplog):
    telephone.known[NUMBER] = Refused(20003)
    look_up()
    [line] = [record for record in caplog.records if record.name == lookups.__name__]
    assert line.levelno == logging.ERROR
    assert NUMBER not in line.getMessage()


def test_an_answer_without_news_takes_nothing_back(look_up, telephone, clock):
    at = timezone.now() - timedelta(hours=5)
    telephone.known[NUMBER] = Report(line_type="mobile", swapped_at=at)
    look_up()
    telephone.known[NUMBER] = Report()
    clock.shift(601)
    lookup = look_up()
    assert (lookup.line_type, lookup.swapped_at) == ("mobile", at)


def test_a_swap_without_its_time_is_one_swap_however_often_it_is_told(look_up, telephone, clock):
    telephone.known[NUMBER] = Report(swapped_within=timedelta(hours=24))
    first = look_up().swapped_at
    assert abs(first - timezone.now()) < timedelta(seconds=5)
    clock.shift(3600)
    assert look_up().swapped_at == first


@pytest.mark.parametrize(("hours", "is_new"), [(0, True), (71, True), (72, False), (1000, False)])
def test_a_sim_is_new_for_three_days(telephone, hours, is_new):
    at = timezone.now() - timedelta(hours=hours)
    telephone.known[NUMBER] = Report(swapped_at=at)
    assert lookups.has_new_sim(NUMBER, telephone) is is_new
    assert lookups.is_known_as_new_sim(NUMBER) is is_new


def test_what_is_known_costs_one_query(counted_queries, telephone):
    with counted_queries(1):
        assert not lookups.is_known_as_new_sim(NUMBER)
    assert telephone.looked_up == []


def test_a_receiver_that_breaks_takes_no_answer_away(look_up, telephone, caplog):
    def breaks(**_what):
        raise ValueError("broken")

    reported.connect(breaks)
    try:
        assert look_up().answered_at is not None
    finally:
        reported.disconnect(breaks)
    assert "broken" in caplog.text


def test_what_nobody_answered_is_tried_again_for_an_hour(asked, clock):
    lookup = Lookup.objects.create(number=NUMBER, wanted_at=timezone.now())
    sweep()
    assert asked == []
    clock.shift(11)
    sweep()
    sweep()
    assert asked == [("look_up", lookup.pk, 0)]
    clock.shift(61)
    sweep()
    assert len(asked) == 2
    clock.shift(3600)
    sweep()
    assert len(asked) == 2


def test_what_was_answered_is_left_alone(look_up, asked, clock):
    look_up()
    clock.shift(70)
    sweep()
    assert asked == []


def test_a_number_is_forgotten_with_the_messages(look_up, settings, clock):
    look_up()
    clock.shift((settings.OUTBOX_KEEP_DAYS - 1) * 86_400)
    purge()
    assert Lookup.objects.exists()
    clock.shift(2 * 86_400)
    purge()
    assert not Lookup.objects.exists()
