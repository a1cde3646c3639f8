"""What support reads: the page of a client, and finding one, among many people."""

from django.contrib.auth.models import Group
from django.db import connection

from accounts.users.models import User
from tests.bench.people import Person

FEW, MANY = 1_000, 1_000_000
PLAIN = "/console/approvals/"  # as long however many people and entries there are
# People who differ in name and user name alone from the one who is read.
CROWD = """
INSERT INTO accounts_user ({columns})
SELECT {values} FROM accounts_user, generate_series(%(first)s, %(last)s) AS place
WHERE accounts_user.id = %(like)s
"""
_OWN = {"username": "'bulk' || place", "name": "'Bulk Person' || place", "is_staff": "false"}


def employ(person: Person) -> None:
    """Makes a support lead of a client."""
    User.objects.filter(pk=person.id).update(is_staff=True)
    group, _ = Group.objects.get_or_create(name="support_lead")
    group.user_set.add(person.id)


def pages(client: Person) -> tuple[str, ...]:
    """What a lead reads: a client, where they land, several clients of a name, and nobody."""
    return (
        f"/console/clients/{client.username}/",
        *("/console/", "/console/clients/?q=Client", "/console/clients/?q=nobody+at+all"),
    )


def crowd(like: Person, *, upto: int, already: int) -> None:
    """People until there are ``upto`` besides those of the run."""
    names = [field.column for field in User._meta.concrete_fields if field.column != "id"]
    values = ", ".join(_OWN.get(name, f"accounts_user.{name}") for name in names)
    with connection.cursor() as cursor:
        span = {"first": already + 1, "last": upto, "like": like.id}
        cursor.execute(CROWD.format(columns=", ".join(names), values=values), span)
        cursor.execute("VACUUM ANALYZE accounts_user")
