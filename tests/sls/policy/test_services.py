"""Whom a policy covers, from when on, and what is written of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.client_accounts.models import LegalEntity, Role
from accounts.origin import SYSTEM
from sls.policy import services
from sls.policy.models import Policy
from sls.policy.rules import DEMANDED, Standing
from sls.policy.services import CannotSet, Subject
from tests.sls.policy.conftest import today

pytestmark = pytest.mark.django_db


def standing(user) -> Standing:
    with transaction.atomic():
        return services.standing(services.lock(user.pk))


def test_nothing_is_demanded_without_a_policy(alice):
    assert standing(alice) == Standing()


@pytest.mark.parametrize(
    ("subject", "covered"),
    [
        ({"role": "client"}, {"alice", "carol", "dai"}),
        ({"role": "staff"}, {"sam"}),
        ({"role": Role.OWNER}, {"alice", "dai"}),
        ({"role": Role.TRADER}, {"carol"}),
        ({"role": Role.VIEWER}, set()),
        ({"entity": LegalEntity.US}, {"alice", "carol"}),
        ({"entity": LegalEntity.JP}, {"dai"}),
    ],
)
def test_covers_the_same_people_at_a_sign_in_as_in_a_mailing(
    make, alice, carol, dai, sam, subject, covered
):
    make(**subject)
    people = {user.username for user in (alice, carol, dai, sam) if standing(user).least}
    assert people == covered
    assert {user.username for user in services.audience(Subject(**subject))} == covered


def test_covers_one_person_alone(make, alice, carol):
    make(user=alice)
    assert standing(alice).least == DEMANDED
    assert standing(carol) == Standing()
    assert list(services.audience(Subject(user=alice))) == [alice]


def test_of_several_the_earliest_counts(make, alice):
    make(role="client", days=40)
    make(entity=LegalEntity.US, days=30)
    make(user=alice, days=35)
    assert standing(alice) == Standing(coming=today() + timedelta(days=30))


def test_a_day_begins_where_the_person_is(make, alice, dai, clock):
    clock.move_to("2027-03-10T16:00:00Z")
    make(role="client", days=14)
    clock.move_to("2027-03-23T16:00:00Z")  # the 24th in Tokyo, not in New York
    assert standing(dai).least == DEMANDED
    assert standing(alice).least == 0


def test_needs_fourteen_days_of_notice(make, alice):
    with pytest.raises(CannotSet, match="less than 14 days of notice"):
        make(user=alice, days=13)
    assert not Policy.objects.exists()
    assert make(user=alice, days=14).pk


def test_without_notice_it_needs_a_reason(alice):
    with pytest.raises(CannotSet, match="needs a reason"):
        services.make(
            subject=Subject(user=alice),
            begins=today(),
            reason="",
            at_once=True,
            origin=SYSTEM,
            actor="staff:test",
        )


def test_there_is_one_at_a_time(make, alice):
    for subject in ({"user": alice}, {"role": "client"}, {"entity": "US"}):
        make(**subject, days=20)
        with pytest.raises(CannotSet, match="withdraw it first"):
            make(**subject, days=30)


@pytest.mark.parametrize("what", [{}, {"role": "staff", "entity": "US"}])
def test_the_table_takes_only_what_covers_one_thing(what):
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.create(begins=today(), made_at="2027-01-01T00:00Z", **what)


def withdraw(subject: Subject, reason: str) -> Policy:
    return services.withdraw(subject=subject, reason=reason, origin=SYSTEM, actor="staff:test")


def test_a_withdrawn_one_demands_nothing_and_stays_on_record(make, alice):
    make(user=alice)
    withdraw(Subject(user=alice), "asked for by the client, ticket 12")
    assert standing(alice) == Standing()
    assert Policy.objects.get().ended_at is not None
    made, ended = Entry.objects.filter(user=alice).order_by("number")
    assert (made.event, made.detail["reason"]) == (Event.POLICY_SET, "ticket 4711")
    assert ended.event == Event.POLICY_WITHDRAWN
    assert ended.detail == {
        "covers": "user alice",
        "from": services.today_everywhere().isoformat(),
        "reason": "asked for by the client, ticket 12",
    }
    make(user=alice)


def test_withdrawing_needs_a_reason_and_something_to_withdraw(make, alice):
    with pytest.raises(CannotSet, match="no such policy"):
        withdraw(Subject(user=alice), "x")
    make(user=alice)
    with pytest.raises(CannotSet, match="needs a reason"):
        withdraw(Subject(user=alice), "")


def test_what_covers_many_is_in_the_record_of_the_system(make):
    make(role="staff", days=20)
    entry = Entry.objects.get()
    assert (entry.user, entry.actor) == (None, "staff:test")
    assert entry.detail["covers"] == "role staff"
