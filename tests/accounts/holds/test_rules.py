from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from accounts.audit.events import Event
from accounts.holds import rules

THEN = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=400)).map(lambda later: THEN + later)
LENGTHS = st.timedeltas(timedelta(seconds=1), timedelta(days=30))
KINDS = {"card", "device", "email", "password", "phone"}
EVENTS = st.sampled_from([event.value for event in Event])


@given(st.none() | MOMENTS, MOMENTS, LENGTHS)
def test_a_hold_lasts_its_length_at_least_and_never_gets_shorter(running, at, length):
    end = rules.until(running, at=at, length=length)
    assert end >= at + length
    assert running is None or end >= running
    assert end in (running, at + length)


@given(st.lists(MOMENTS, min_size=1), LENGTHS, st.randoms())
def test_the_order_of_changes_does_not_matter(moments, length, chance):
    def placed(order):
        end = None
        for at in order:
            end = rules.until(end, at=at, length=length)
        return end

    mixed = moments[:]
    chance.shuffle(mixed)
    assert placed(moments) == placed(mixed) == max(moments) + length


@given(EVENTS, st.booleans())
def test_a_first_enrolment_changes_nothing(event, again):
    assert rules.change(event, activated=False, again=again) is None


@given(EVENTS)
def test_a_contact_that_was_verified_again_is_the_same(event):
    assert rules.change(event, activated=True, again=True) is None


@given(EVENTS)
def test_only_authenticators_cards_contacts_and_the_password_count(event):
    changed = rules.change(event, activated=True)
    assert changed is None or event.partition(".")[0] in KINDS


def test_every_change_is_an_event_that_there_is():
    assert rules.CHANGES.keys() <= set(Event.values)
