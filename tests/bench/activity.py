"""G16: the pages of the record take as long with ten million entries as with ten thousand."""

from collections.abc import Sequence

from django.db import connection

from accounts.users.models import User
from tests.bench import console
from tests.bench.flows import SignedIn, seconds_of, sign_in
from tests.bench.people import Person
from tests.bench.report import median, table
from tests.bench.rounds import Run

FEW, MANY = 10_000, 10_000_000
MINE = 10  # a tenth of all entries is of the one who reads, the rest of everybody else
PAGES = (
    *("/activity/", "/activity/?show=sign-ins", "/activity/?show=refused"),
    *("/activity/?show=changes", "/activity/?before=500", "/activity/?show=messages", "/"),
)
PLAIN = "/help/"  # read by the same person, and as long however many entries there are
# An entry of each kind: six in twenty are sign-ins, one was refused.
FILL = """
INSERT INTO accounts_entry (user_id, number, at, event, kind, actor, origin, detail, digest)
SELECT
    {user}, number, now() - (%(most)s - place) * interval '1 second',
    CASE WHEN place %% 20 = 0 THEN 'password.failed'
         WHEN place %% 10 < 3 THEN 'sign_in.done' ELSE 'contacts.confirmed' END,
    CASE WHEN place %% 20 = 0 THEN 3 WHEN place %% 10 < 3 THEN 2 ELSE 1 END,
    'self', '{{"address": "203.0.113.7", "agent": "", "platform": "web"}}', '{{}}', repeat('a', 64)
FROM (SELECT place, {number} AS number FROM generate_series(%(first)s, %(last)s) AS place) AS made
"""


def measure(run: Run) -> None:
    """Both sizes of the tables; the larger ones grow out of the smaller."""
    reader, lead = run.people[-1], run.people[-2]
    with run.stack.provider(), run.stack.worker(), run.stack.web(port=run.stack.port) as web:
        client, staff = sign_in(reader, web), sign_in(lead, web)
        console.employ(lead)  # from their next page on
        _fill(run, reader, upto=FEW, already=0, people=(0, console.FEW))
        few = _rounds(run, client, PAGES) | _rounds(run, staff, console.pages(reader))
        _fill(run, reader, upto=MANY, already=FEW, people=(console.FEW, console.MANY))
        many = _rounds(run, client, PAGES) | _rounds(run, staff, console.pages(reader))
        for one in (client, staff):
            one.browser.close()
    for turn in range(run.sizes.rounds):
        run.report.note("G16", max(many[page][turn] / few[page][turn] for page in many), must=1.2)
    table(
        "Pages of the record and of the console (times a page that does not grow)",
        ("page", f"{FEW} entries", f"{MANY} entries"),
        [(page, median(few[page]), median(many[page])) for page in many],
    )


def _rounds(run: Run, signed_in: SignedIn, pages: Sequence[str]) -> dict[str, list[float]]:
    """Each page a round, in pages that do not grow at the same time: the two sizes are measured
    minutes apart, and machines drift."""
    plain = PLAIN if pages is PAGES else console.PLAIN
    taken: dict[str, list[float]] = {page: [] for page in pages}
    for _ in range(run.sizes.rounds):
        for page in pages:
            seconds_of(signed_in.browser, page, 5)
            still, shown = [], []
            for _ in range(run.sizes.pages):
                still += seconds_of(signed_in.browser, plain, 1)
                shown += seconds_of(signed_in.browser, page, 1)
            taken[page].append(median(shown) / median(still))
    return taken


def _fill(run: Run, person: Person, *, upto: int, already: int, people: tuple[int, int]) -> None:
    """Entries until there are ``upto``, and the reader's head at the last of theirs; and people.

    Their digests are nobody's: pages do not compute them.
    """
    console.crowd(person, already=people[0], upto=people[1])
    reader, others = person.id, [one.id for one in run.people[:100]]
    mine, before = upto // MINE, already // MINE
    head = User.objects.get(pk=reader).audit_number
    with connection.cursor() as cursor:
        # Neither keys of other tables nor triggers are checked for rows that we make ourselves.
        cursor.execute("SET session_replication_role TO replica")
        fill = FILL.format(user=reader, number=f"{head} + place - {before}")
        cursor.execute(fill, {"first": before + 1, "last": mine, "most": mine})
        crowd = f"(ARRAY{others})[1 + place % {len(others)}]".replace("%", "%%")
        fill = FILL.format(user=crowd, number="1000000000 + place")
        span = {"first": already - before + 1, "last": upto - mine, "most": upto}
        cursor.execute(fill, span)
        cursor.execute("SET session_replication_role TO DEFAULT")
        cursor.execute("VACUUM ANALYZE accounts_entry")
    User.objects.filter(pk=reader).update(audit_number=head + mine - before)
