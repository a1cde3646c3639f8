"""Statements compiled once say what the query set says, whatever is bound to them."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models import F, QuerySet, Value
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.audit.services import lock, record
from accounts.challenges.models import Challenge, Purpose
from accounts.origin import SYSTEM
from accounts.prepared import Update, prepared, prepared_update
from accounts.users.models import User
from sls.methods.sms.models import PhoneDevice

pytestmark = pytest.mark.django_db


@prepared
def of_name(username: str) -> QuerySet[User]:
    return User.objects.filter(username=username)


@prepared
def entries(user_id: int, since: datetime) -> QuerySet[Entry]:
    mine = Entry.objects.select_related("user").filter(user_id=user_id, at__gte=since)
    return mine.annotate(whose=F("user__name")).order_by("-number")[:2]


@prepared
def names(first: str, second: str) -> QuerySet[tuple[str, str]]:
    one = User.objects.filter(username=first).annotate(place=Value("first"))
    two = User.objects.filter(username=second).annotate(place=Value("second"))
    rows = one.values_list("place", "username")
    return rows.union(two.values_list("place", "username"), all=True)


@prepared
def locked(pk: int) -> QuerySet[User]:
    return User.objects.select_for_update(no_key=True).filter(pk=pk)


@prepared_update
def rename(pk: int, name: str, staff: bool) -> Update:
    return User.objects.filter(pk=pk, is_staff=False), {"name": name, "is_staff": staff}


def test_each_call_finds_by_its_own_value(alice, bob):
    found = [of_name.first(username=user.username) for user in (alice, bob, alice)]
    assert found == [alice, bob, alice]
    assert of_name.first(username="nobody") is None


def test_a_row_is_whole_and_knows_where_it_came_from(alice):
    row, plain = of_name.one(username=alice.username), User.objects.get(pk=alice.pk)
    for field in User._meta.concrete_fields:
        assert getattr(row, field.attname) == getattr(plain, field.attname), field.name
    assert (row._state.adding, row._state.db) == (False, "default")


def test_related_rows_annotations_order_and_limit_are_those_of_the_query_set(
    alice, counted_queries
):
    with transaction.atomic():
        for _ in range(3):
            record(Event.SIGNED_OUT, user=lock(alice.pk), origin=SYSTEM, detail={"a": [1]})
    with counted_queries(1):
        rows = entries(user_id=alice.pk, since=timezone.now() - timedelta(days=1))
        seen = [(row.number, row.user, row.whose, row.detail) for row in rows]
    assert seen == [(3, alice, alice.name, {"a": [1]}), (2, alice, alice.name, {"a": [1]})]
    assert entries(user_id=alice.pk, since=timezone.now() + timedelta(days=1)) == []


def test_a_related_row_that_is_missing_is_none(alice):
    PhoneDevice.objects.filter(user=alice).update(confirmed=False, revoked_at=timezone.now())
    PhoneDevice.objects.filter(user=alice).update(phone=None)

    @prepared
    def of_user(user_id: int) -> QuerySet[PhoneDevice]:
        return PhoneDevice.objects.select_related("phone").filter(user_id=user_id)

    assert of_user.one(user_id=alice.pk).phone is None


def test_values_of_a_union_are_tuples(alice, bob):
    found = names(first=alice.username, second=bob.username)
    assert sorted(found) == [("first", alice.username), ("second", bob.username)]


def test_a_uuid_and_a_moment_are_bound_as_the_database_keeps_them(alice):
    now = timezone.now()
    row = Challenge.objects.create(
        user=alice,
        purpose=Purpose.SIGN_IN,
        method="sms",
        bound_to="x",
        tries_left=1,
        created_at=now,
        expires_at=now,
    )

    @prepared
    def at(pk: UUID, moment: datetime) -> QuerySet[Challenge]:
        return Challenge.objects.filter(pk=pk, created_at=moment)

    assert at.one(pk=row.pk, moment=now) == row
    assert at.first(pk=uuid4(), moment=now) is None


def test_one_row_is_demanded_where_one_is_meant(alice, bob):
    @prepared
    def staff(is_staff: bool) -> QuerySet[User]:
        return User.objects.filter(is_staff=is_staff)

    with pytest.raises(User.DoesNotExist):
        of_name.one(username="nobody")
    with pytest.raises(User.MultipleObjectsReturned):
        staff.one(is_staff=False)


@pytest.mark.parametrize("values", [{"username": None}, {"username": 7}, {}, {"name": "x"}])
def test_a_value_of_another_kind_is_refused_before_the_database(values, counted_queries):
    with counted_queries(0), pytest.raises(TypeError):
        of_name(**values)


def test_the_function_is_asked_once(alice):
    asked = []

    @prepared
    def of_key(pk: int) -> QuerySet[User]:
        asked.append(pk)
        return User.objects.filter(pk=pk)

    assert [of_key.one(pk=alice.pk), of_key.one(pk=alice.pk)] == [alice, alice]
    assert len(asked) == 1


def test_rows_that_are_neither_whole_nor_tuples_are_not_prepared(alice):
    @prepared
    def flat(pk: int) -> QuerySet:
        return User.objects.filter(pk=pk).values_list("name", flat=True)

    with pytest.raises(TypeError):
        flat(pk=alice.pk)


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_in_a_transaction_only(alice, counted_queries):
    if not connection.features.has_select_for_update:
        assert locked.one(pk=alice.pk) == alice
        return
    with transaction.atomic(), counted_queries(1) as seen:
        assert locked.one(pk=alice.pk) == alice
    assert "FOR NO KEY UPDATE" in seen[0]
    with pytest.raises(TransactionManagementError):
        locked.one(pk=alice.pk)


def test_an_update_changes_the_rows_of_its_filter_and_counts_them(alice, bob):
    assert rename(pk=alice.pk, name="Other", staff=True) == 1
    assert rename(pk=alice.pk, name="Third", staff=False) == 0
    names = User.objects.order_by("username").values_list("name", "is_staff")
    assert ("Other", True) in names
    assert (bob.name, False) in names
