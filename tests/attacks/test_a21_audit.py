"""A21: whoever tampers with the audit is refused by the database, or found by the check."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.audit import checkpoints, rules, services
from accounts.audit.events import Event
from accounts.audit.models import Checkpoint, Entry
from accounts.users.models import User
from tests.accounts.audit.test_audit import record
from tests.tampering import tampering

pytestmark = pytest.mark.django_db(transaction=True)
ROLE = "tester_of_a21"


@pytest.fixture
def chain(alice) -> User:
    """Six entries, the fifth of them signed."""
    for _ in range(6):
        record(alice)
    checkpoints.place(alice.pk, number=5)
    return alice


@pytest.fixture
def as_application():
    """A role that may do with the tables whatever can be granted, and owns none of them."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
        cursor.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {ROLE}")
        cursor.execute(f"SET ROLE {ROLE}")
        yield cursor
        cursor.execute("RESET ROLE")
        cursor.execute(f"DROP OWNED BY {ROLE}")
        cursor.execute(f"DROP ROLE {ROLE}")


@pytest.mark.parametrize("table", ["accounts_entry", "accounts_checkpoint"])
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE {} SET number = 9",
        "DELETE FROM {}",
        "TRUNCATE {} CASCADE",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "DROP TRIGGER {}_kept ON {}",
    ],
)
def test_the_role_of_the_application_changes_nothing(chain, as_application, table, sql):
    with pytest.raises(DatabaseError), transaction.atomic():
        as_application.execute(sql.replace("{}", table))
    as_application.execute("RESET ROLE")
    assert services.verify(chain) is None
    assert checkpoints.broken(chain) is None


def edit(user: User) -> None:
    Entry.objects.filter(user=user, number=3).update(detail={"method": "forged"})


def delete(user: User) -> None:
    Entry.objects.filter(user=user, number=3).delete()


def reorder(user: User) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        Entry.objects.filter(user=user, number=old).update(number=new)


def cut_tail(user: User) -> None:
    Entry.objects.filter(user=user, number__gte=3).delete()


def move(user: User) -> None:
    """To somebody else's chain."""
    Entry.objects.filter(user=user, number=3).update(user=User.objects.get(username="bob"))


@pytest.mark.parametrize("tamper", [edit, delete, reorder, cut_tail, move])
def test_the_owner_of_the_database_is_found(chain, bob, tamper):
    with tampering():
        tamper(chain)
    assert services.verify(chain) == 3


def test_a_chain_cannot_fork(chain):
    """A second entry of one number is refused by the table, and a stale head by the service."""
    twin = Entry.objects.get(user=chain, number=6)
    twin.pk, twin.detail = None, {"method": "forged"}
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    with transaction.atomic():
        stale = services.lock(chain.pk)
    record(chain)
    with pytest.raises(services.StaleChain), transaction.atomic():
        services.record(Event.SIGNED_OUT, user=stale, origin=services.origin_of(twin, session=""))
    assert services.verify(chain) is None


def test_a_fork_whose_other_branch_was_taken_away_is_found_by_the_checkpoint(chain):
    """The last two entries are replaced by others that follow just as well."""
    with tampering():
        head = Entry.objects.get(user=chain, number=4).digest
        for entry in Entry.objects.filter(user=chain, number__gt=4).order_by("number"):
            entry.detail = {"method": "forged"}
            entry.digest = head = rules.link(head, entry.content())
            entry.save()
        User.objects.filter(pk=chain.pk).update(audit_head=head)
    assert services.verify(chain) is None
    assert checkpoints.broken(chain) == 5


def test_a_tail_that_was_cut_with_its_head_and_checkpoints_is_found_outside(chain):
    kept = checkpoints.read(checkpoints.lines())
    with tampering():
        Entry.objects.filter(user=chain, number__gt=3).delete()
        last = Entry.objects.get(user=chain, number=3)
        User.objects.filter(pk=chain.pk).update(audit_number=3, audit_head=last.digest)
        Checkpoint.objects.all().delete()
    assert services.verify(chain) is None
    assert checkpoints.broken(chain) is None
    assert checkpoints.broken(chain, kept) == 5
