"""SELECTs that are joined give what each gives alone, in one query."""

import pytest
from django.db import connection, transaction
from django.db.models import F, QuerySet, Value

from accounts.joined import Read, first, read
from accounts.prepared import prepared
from accounts.users.models import User
from sls.methods.sms.models import PhoneDevice

pytestmark = pytest.mark.django_db


@prepared
def people(least: int) -> QuerySet[User]:
    return User.objects.filter(pk__gte=least).order_by("-username")[:2]


@prepared
def of_name(username: str) -> QuerySet[User]:
    return User.objects.filter(username=username)


@prepared
def devices(user_id: int) -> QuerySet[PhoneDevice]:
    mine = PhoneDevice.objects.select_related("user", "phone").filter(user_id=user_id)
    return mine.annotate(whose=F("user__name"), rate=Value("100 %"))


@prepared
def both(one: str, other: str) -> QuerySet[tuple[str]]:
    rows = User.objects.filter(username=one).order_by().values_list("username")
    return rows.union(User.objects.filter(username=other).values_list("username"), all=True)


@prepared
def locked(pk: int) -> QuerySet[User]:
    return User.objects.select_for_update(no_key=True).filter(pk=pk)


def everything(alice: User) -> tuple[Read, ...]:
    return (
        Read(people, {"least": 1}),
        Read(of_name, {"username": "nobody"}, first),
        Read(devices, {"user_id": alice.pk}, first),
        Read(both, {"one": "alice", "other": "bob"}, lambda rows: {name for (name,) in rows}),
        Read(of_name, {"username": "alice"}, first),
    )


def test_each_gives_what_it_gives_alone(alice, bob):
    reads = everything(alice)
    assert read(*reads) == tuple(one.alone() for one in reads)
    found, nobody, device, names, one = read(*reads)
    assert [user.username for user in found] == sorted(
        User.objects.values_list("username", flat=True), reverse=True
    )[:2]
    assert (nobody, names, one) == (None, {"alice", "bob"}, alice)
    assert (device.user, device.whose, device.rate) == (alice, alice.name, "100 %")
    assert device.phone.user_id == alice.pk


def test_it_is_one_query(alice, bob, counted_queries):
    with counted_queries(most=1 if connection.vendor == "postgresql" else 5):
        read(*everything(alice))


def test_the_order_of_the_values_is_that_of_the_reads(alice, bob):
    names = [Read(of_name, {"username": name}, first) for name in ("bob", "alice")]
    assert read(*names) == (bob, alice)
    assert read(*reversed(names)) == (alice, bob)
    assert read(names[0]) == (bob,)


def test_what_locks_is_not_joined(alice):
    with pytest.raises(TypeError), transaction.atomic():
        read(Read(locked, {"pk": alice.pk}), Read(of_name, {"username": "alice"}))
