"""What each of staff did lately, as auditors read it: by name, and a page costs the same."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.audit.events import Event
from accounts.origin import SYSTEM
from accounts.users.models import User
from portal.console import trail, trail_staff
from portal.console.rules import Role
from portal.console.trail_staff import Worker
from tests.cast import person
from tests.portal.console.staffing import at_desk
from tests.portal.console.test_trail import record

pytestmark = pytest.mark.django_db
PATH = "/console/trail/staff/"


def worked(*names: str, times: int = 1) -> None:
    """Each of staff opens the page of Alice so many times."""
    alice = User.objects.filter(username="alice").first() or person("alice")
    for name in names:
        for _ in range(times):
            trail.seen(User(username=name), alice, SYSTEM)


def page(after: str = "") -> tuple[list[str], str]:
    """The names of a page, and where the next begins."""
    found = trail_staff.page(timezone.now() - timedelta(days=30), after=after)
    return [one.name for one in found.workers], found.more


def lately() -> list[Worker]:
    return trail_staff.page(timezone.now() - timedelta(days=30)).workers


def test_acts_and_eyes_are_counted():
    worked("sam")
    record(Event.SIGN_IN_UNLOCKED, User.objects.get(username="alice"), actor="staff:sam")
    record(Event.SIGNED_IN, User.objects.get(username="alice"))
    [one] = lately()
    assert (one.name, one.acts, one.opened, one.more) == ("sam", 1, 1, False)


def test_of_what_was_before_nothing_is_counted(clock):
    worked("sam", "tess", times=2)
    clock.shift(31 * 86400)
    worked("tess")
    [one] = lately()
    assert (one.name, one.acts, one.opened) == ("tess", 0, 1)


def test_more_than_is_counted_is_at_least_that(monkeypatch):
    monkeypatch.setattr(trail_staff, "MOST", 3)
    worked("sam", times=5)
    worked("tess", times=2)
    text = at_desk(Role.AUDITOR).get(PATH).content.decode()
    assert "at least 3" in text
    assert "at least 2" not in text


def test_it_is_paged_by_name_without_a_gap(monkeypatch):
    monkeypatch.setattr(trail_staff, "SIZE", 2)
    worked("ann", "ben", "cat", "dan", "eve")
    assert page() == (["ann", "ben"], "ben")
    assert page("ben") == (["cat", "dan"], "dan")
    assert page("dan") == (["eve"], "")
    text = at_desk(Role.AUDITOR).get(PATH, {"after": "ben"}).content.decode()
    assert ("dan" in text, "?after=dan" in text, "ann" in text) == (True, True, False)


def test_it_goes_so_many_names_and_says_where_it_stopped(monkeypatch, clock):
    monkeypatch.setattr(trail_staff, "STEPS", 3)
    worked("ann", "ben", "cat", "dan")
    clock.shift(31 * 86400)
    worked("dan")
    assert page() == ([], "cat")
    assert "Nobody among these names" in at_desk(Role.AUDITOR).get(PATH).content.decode()
    assert page("cat")[0][0] == "dan"


@pytest.mark.parametrize("key", ["\x00", "é", " ", "x" * 75, "%' OR 1"])
def test_a_key_that_is_none_begins_at_the_first(key):
    worked("sam")
    assert page(key)[0] == ["sam"]
    assert at_desk(Role.AUDITOR).get(PATH, {"after": key.replace("\x00", "")}).status_code == 200


def test_what_was_done_costs_no_more_statements(counted_queries):
    worked("sam")
    with counted_queries() as few:
        lately()
    worked("sam", times=40)
    with counted_queries() as many:
        lately()
    # Those that halve the table for the time are counted apart: they grow with its logarithm.
    assert _counts(few) == _counts(many) == 1


def _counts(statements: list) -> int:
    return sum("COUNT(" in str(one) for one in statements)


def test_each_step_reads_the_index_of_staff_and_stops():
    worked("sam", times=3)
    seen: list[tuple[str, list]] = []

    def note(run, statement, params, *rest):
        seen.append((statement, list(params or ())))
        return run(statement, params, *rest)

    with connection.execute_wrapper(note):
        lately()
    steps = [one for one in seen if "staff:" in str(one)]
    assert len(steps) == 3  # a name, its count, and that there is no other
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):  # which are quicker where there is little
            cursor.execute(f"SET LOCAL enable_{way} = off")
        for statement, params in steps:
            cursor.execute(f"EXPLAIN {statement}", params)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "audit_of_staff" in plan, plan
            assert "Limit" in plan, plan
            assert "Sort" not in plan, plan
