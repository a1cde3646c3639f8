import pytest
from django.db import connection, transaction

from accounts.audit import services
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.audit.services import StaleChain
from accounts.audit.signals import recorded
from accounts.origin import SYSTEM, Origin
from tests.sql import counted_queries
from tests.tampering import tampering

ORIGIN = Origin(address="203.0.113.7", agent="Firefox")


def record(user, event=Event.SIGNED_IN, **extra):
    with transaction.atomic():
        row = services.lock(user.pk)
        return services.record(event, user=row, origin=ORIGIN, **extra)


def test_chains_entries_of_a_user(alice):
    first, second = record(alice), record(alice, detail={"method": "sms"})
    assert (first.number, second.number) == (1, 2)
    assert services.verify(alice) is None


def test_writes_a_column_of_the_user_in_the_statement_that_moves_the_chain(alice):
    with counted_queries() as plain:
        record(alice)
    with counted_queries() as writing:
        record(alice, writes=("habits", "what is usual"))
    alice.refresh_from_db()
    assert alice.habits == "what is usual"
    assert len(writing) == len(plain)
    assert services.verify(alice) is None


def test_keeps_a_chain_for_each_user(alice, bob):
    record(alice)
    assert record(bob).number == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("detail", {"method": "forged"}), ("event", "sign_in.out"), ("actor", "staff:1"),
     ("origin", {}), ("digest", "0" * 64)],
)  # fmt: skip
def test_names_the_first_altered_entry(alice, field, value):
    for _ in range(4):
        record(alice)
    with tampering():
        Entry.objects.filter(user=alice, number=3).update(**{field: value})
    assert services.verify(alice) == 3


def test_names_a_deleted_entry(alice):
    for _ in range(4):
        record(alice)
    with tampering():
        Entry.objects.filter(user=alice, number=2).delete()
    assert services.verify(alice) == 2


def test_names_entries_cut_from_the_end(alice):
    for _ in range(4):
        record(alice)
    with tampering():
        Entry.objects.filter(user=alice, number__gte=3).delete()
    assert services.verify(alice) == 3


def test_names_an_entry_too_many(alice):
    entry = record(alice)
    with tampering():
        entry.pk, entry.number = None, 7
        entry.save(force_insert=True)
    assert services.verify(alice) == 2


@pytest.mark.parametrize("of_system", [False, True])
def test_whoever_writes_while_it_is_checked_does_not_wait_and_breaks_nothing(alice, of_system):
    def write() -> None:
        with transaction.atomic():
            user = None if of_system else services.lock(alice.pk)
            services.record(Event.SIGNED_IN, user=user, origin=ORIGIN)

    write()
    written, statements = [], []

    def between(execute, sql, params, many, context):
        statements.append(sql)
        if "accounts_entry" in sql and not written:
            written.append(sql)
            write()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(between):
        assert services.verify(None if of_system else alice) is None
    assert written
    assert Entry.objects.filter(event=Event.SIGNED_IN).count() == 2
    assert not any("FOR " in sql for sql in statements[: statements.index(written[0]) + 1])


def test_names_swapped_entries(alice):
    a, b = record(alice), record(alice, Event.SIGNED_OUT)
    with tampering():
        Entry.objects.filter(pk=a.pk).update(number=99)
        Entry.objects.filter(pk=b.pk).update(number=1)
        Entry.objects.filter(pk=a.pk).update(number=2)
    assert services.verify(alice) == 1


def test_keeps_entries_about_nobody_in_a_chain_of_their_own(db):
    for _ in range(2):
        with transaction.atomic():
            services.record(Event.SPENDING_BREAKER, user=None, origin=SYSTEM)
    assert services.verify(None) is None
    with tampering():
        Entry.objects.filter(user=None, number=1).update(detail={"x": 1})
    assert services.verify(None) == 1


def test_refuses_a_row_that_somebody_else_has_moved_on(alice):
    with transaction.atomic():
        stale = services.lock(alice.pk)
    record(alice)
    with pytest.raises(StaleChain), transaction.atomic():
        services.record(Event.SIGNED_IN, user=stale, origin=ORIGIN)
    assert services.verify(alice) is None


def test_vanishes_with_the_act_it_tells_of(alice):
    class Stop(Exception):
        pass

    def fail():
        with transaction.atomic():
            services.record(Event.SIGNED_IN, user=services.lock(alice.pk), origin=ORIGIN)
            raise Stop

    with pytest.raises(Stop):
        fail()
    assert not Entry.objects.exists()
    assert record(alice).number == 1


def test_tells_receivers_in_the_same_transaction_with_what_is_not_stored(alice):
    heard = []

    def listen(sender, entry, note, **kwargs):
        heard.append((entry.event, note, transaction.get_connection().in_atomic_block))

    recorded.connect(listen)
    try:
        entry = record(alice, note={"address": "old@example.com"})
    finally:
        recorded.disconnect(listen)
    assert heard == [(Event.SIGNED_IN, {"address": "old@example.com"}, True)]
    assert "old@example.com" not in str(entry.detail)


def test_costs_one_statement(alice):
    with transaction.atomic():
        row = services.lock(alice.pk)
        with counted_queries(1):
            services.record(Event.SIGNED_IN, user=row, origin=ORIGIN)
