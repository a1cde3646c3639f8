"""Writes that wait for each other: all or none, in their order, in few statements."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts import gathered, rows
from accounts.audit.models import Entry
from accounts.holds.models import Hold, What, Why
from accounts.outbox.models import Channel, Message
from accounts.statements import run
from accounts.users.models import User

pytestmark = pytest.mark.django_db


def message(user: User, name: str = "test_message") -> Message:
    now = timezone.now()
    return Message(
        user=user,
        channel=Channel.SMS,
        name=name,
        to="+12025550100",
        language="en",
        created_at=now,
        not_before=now,
        expires_at=now,
        changed_at=now,
    )


def entry(user: User) -> Entry:
    return Entry(
        user=user,
        number=1,
        at=timezone.now(),
        event="sign_in.out",
        actor="self",
        origin={},
        detail={},
        digest="d",
    )


def test_what_is_gathered_goes_in_one_statement_at_the_end(alice, counted_queries):
    alice.name = "Other"
    with counted_queries(1), gathered.gathering():
        gathered.insert(message(alice))
        gathered.change(alice, "name")
        waits = Entry.objects.filter(user=alice)
        gathered.end(waits, kind="test", actor="staff")
        alice.language = "ja"  # not among the columns
        # Nothing was sent before.
    alice.refresh_from_db()
    assert (alice.name, alice.language, Message.objects.count()) == ("Other", "en", 1)


def test_nothing_is_written_before_the_end_nor_after_an_error(alice, counted_queries):
    def fail() -> None:
        with gathered.gathering():
            gathered.insert(message(alice))
            raise LookupError

    with counted_queries(0), pytest.raises(LookupError):
        fail()
    assert not Message.objects.exists()


def test_one_inside_another_waits_for_that(alice, counted_queries):
    with gathered.gathering(), counted_queries(0), gathered.gathering():
        gathered.insert(message(alice))
    assert Message.objects.count() == 1


def test_outside_it_is_written_at_once(alice):
    gathered.insert(message(alice))
    assert Message.objects.count() == 1
    gathered.end(Message.objects.all(), kind="test", to="+1")
    assert Message.objects.get().to == "+1"
    gathered.drop(Message.objects.all())
    assert not Message.objects.exists()


def test_of_one_table_the_later_write_wins(alice, counted_queries):
    with counted_queries(2), gathered.gathering():
        gathered.end(User.objects.filter(pk=alice.pk), kind="one", name="First")
        gathered.end(User.objects.filter(pk=alice.pk), kind="other", name="Second")
    alice.refresh_from_db()
    assert alice.name == "Second"


def test_a_row_is_there_for_what_changes_it_later(alice):
    with gathered.gathering():
        gathered.insert(message(alice))
        gathered.end(Message.objects.filter(user=alice), kind="test", to="+1")
    assert Message.objects.get().to == "+1"


def test_new_rows_of_one_table_and_ends_of_one_kind_share_a_statement(alice, bob, counted_queries):
    with counted_queries(1), gathered.gathering():
        for one in (alice, bob):
            gathered.insert(message(one))
            gathered.end(User.objects.filter(pk=one.pk), kind="named", name="Gone")
    assert {one.user_id for one in Message.objects.all()} == {alice.pk, bob.pk}
    assert set(User.objects.filter(pk__in=[alice.pk, bob.pk]).values_list("name")) == {("Gone",)}


def test_a_row_points_to_one_that_got_its_key_meanwhile(alice):
    with gathered.gathering():
        made, now = entry(alice), timezone.now()
        hold = Hold(
            user=alice,
            what=What.WITHDRAWALS,
            why=Why.EMAIL,
            since=now,
            until=now + timedelta(hours=1),
            entry=made,
        )
        gathered.insert(hold)
        rows.insert(made)
    assert Hold.objects.get().entry == made
    assert hold.pk == Hold.objects.get().pk


def test_a_change_of_a_row_that_is_gone_is_told(alice):
    def change() -> None:
        with gathered.gathering():
            gathered.change(message(alice), "to")
            gathered.end(User.objects.filter(pk=alice.pk), kind="named", name="Gone")

    with pytest.raises(Message.NotUpdated):
        change()


def test_keys_come_back_in_the_order_of_the_rows(alice, bob):
    made = [entry(alice), entry(bob)]
    run(rows.insertion(message(alice)), rows.insertion(*made))
    assert [Entry.objects.get(pk=one.pk).user for one in made] == [alice, bob]


def test_without_such_statements_each_runs_by_itself(alice, monkeypatch, counted_queries):
    monkeypatch.setattr(connection, "vendor", "sqlite")
    made = entry(alice)
    parts = [rows.insertion(message(alice)), rows.insertion(made)]
    with counted_queries(2):
        run(*parts)
    assert Entry.objects.get().pk == made.pk
