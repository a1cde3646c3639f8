"""A row written by compiled SQL is the row that ``save`` writes."""

from contextlib import suppress

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit.models import Entry
from accounts.outbox.models import Channel, Message
from accounts.rows import change, changed, insert
from accounts.users.models import User

pytestmark = pytest.mark.django_db


def message(user, **values) -> Message:
    now = timezone.now()
    return Message(
        user=user,
        channel=Channel.SMS,
        name="test_message",
        to="+12025550100",
        language="en",
        created_at=now,
        not_before=now,
        expires_at=now,
        changed_at=now,
        **values,
    )


def entry(user, number: int = 1) -> Entry:
    return Entry(
        user=user,
        number=number,
        at=timezone.now(),
        event="sign_in.out",
        actor="self",
        origin={"address": "::1"},
        detail={"list": [1, None, "ü"]},
        digest="d",
    )


@pytest.mark.parametrize("body", [None, b"\x00\xff%s"])
def test_an_inserted_row_reads_as_it_was_written(alice, body, counted_queries):
    row = message(alice, body=body, dedupe=None)
    with counted_queries(1):
        insert(row)
    stored = Message.objects.get(pk=row.pk)
    for field in Message._meta.concrete_fields:
        value = getattr(stored, field.attname)
        value = bytes(value) if isinstance(value, memoryview) else value
        assert value == getattr(row, field.attname), field.name
    assert (row._state.adding, row._state.db) == (False, "default")


def test_a_key_that_the_database_chooses_comes_back(alice):
    first, second = entry(alice), entry(None, 2)
    insert(first)
    insert(second)
    assert [Entry.objects.get(pk=row.pk).user for row in (first, second)] == [alice, None]
    assert Entry.objects.get(pk=first.pk).detail == {"list": [1, None, "ü"]}


def test_a_row_that_is_there_is_refused_and_the_transaction_with_it(alice):
    insert(entry(alice))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(entry(alice))
    assert Entry.objects.count() == 1


def test_nothing_more_is_read_after_an_error_that_was_swallowed(alice):
    insert(entry(alice))

    def swallowing() -> None:
        with transaction.atomic():
            with suppress(IntegrityError):
                insert(entry(alice))
            User.objects.count()

    with pytest.raises(transaction.TransactionManagementError):
        swallowing()


def test_a_change_writes_the_named_columns_of_its_row_alone(alice, bob):
    row = User.objects.get(pk=alice.pk)
    row.name, row.language, row.is_staff = "Other", "ja", True
    change(row, "name", "is_staff")
    stored = User.objects.get(pk=alice.pk)
    assert (stored.name, stored.is_staff, stored.language) == ("Other", True, "en")
    assert User.objects.get(pk=bob.pk).name == bob.name


def test_a_change_may_set_null_and_a_foreign_key(alice, bob):
    row = message(alice, body=b"x")
    insert(row)
    row.body, row.user = None, bob
    change(row, "body", "user")
    assert Message.objects.values_list("body", "user_id").get() == (None, bob.pk)


def test_a_change_of_a_row_that_is_gone_is_told(alice):
    row = message(alice)
    with pytest.raises(Message.NotUpdated):
        change(row, "name")


def test_changing_many_tells_the_keys_of_those_it_changed(alice, bob, counted_queries):
    both = User.objects.filter(pk__in=[alice.pk, bob.pk])
    with counted_queries(1):
        assert set(changed(both, name="Other")) == {alice.pk, bob.pk}
    assert changed(both.exclude(name="Other"), name="Third") == []
    assert changed(User.objects.filter(pk__in=[]), name="Third") == []
    assert set(both.values_list("name", flat=True)) == {"Other"}
