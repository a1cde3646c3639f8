"""``make test``: the whole suite, side by side in lanes, each run with servers of its own.

Much of the suite waits: for browsers, telephones and workers. One lane more than there are
processors uses that time; with many processors each run is divided, or most lanes would wait for
the longest. What a run prints comes out whole when it is over, so the last lines are pytest's own
summary; the exit status is 0 only if every run passed.
"""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests import cluster

QUOTA = Path("/sys/fs/cgroup/cpu.max")  # of a container; "max", or microseconds of a period
MOST = 8  # lanes; each takes a gigabyte and more
TELEPHONE = ("tests/twilio", "tests/portal/emulator", "tests/accounts/outbox")
BROWSER = "tests/journeys"
CRAWL = f"{BROWSER}/test_every_page.py"
PACE = f"{BROWSER}/test_ib_key_pace.py"
ATTACKS = "tests/attacks"
TIMES = f"{ATTACKS}/test_a5_enumeration.py"
LOGIN_SYSTEM = "tests/sls"


def without(*paths: str) -> tuple[str, ...]:
    """What makes pytest leave these out."""
    return tuple(f"--ignore={path}" for path in paths)


# A free lane takes the next one. The longest begin, so that the lanes end together; what computes
# runs beside what waits.
RUNS = (
    ("journeys on PostgreSQL", (BROWSER, *without(CRAWL, PACE))),
    # Pages look alike on every database; the crawl is needed once.
    ("journeys on SQLite", (BROWSER, *without(CRAWL, PACE), "--db=sqlite")),
    ("every page, on PostgreSQL", (CRAWL,)),
    (
        "everything else, on PostgreSQL",
        ("tests", *without(BROWSER, ATTACKS, LOGIN_SYSTEM, *TELEPHONE)),
    ),
    ("attacks, on PostgreSQL", (ATTACKS, *without(TIMES))),
    ("Secure Login System, on PostgreSQL", (LOGIN_SYSTEM,)),
    ("telephone, on PostgreSQL", TELEPHONE),
)
# What is measured by the clock runs alone, when the others are over.
LAST = (
    ("how long a person waits, on PostgreSQL", (PACE,)),
    ("how long a person waits, on SQLite", (PACE, "--db=sqlite")),
    ("what the time of an answer tells, on PostgreSQL", (TIMES,)),
)
_printing = threading.Lock()


def processors() -> int:
    """How many this process may use."""
    count = os.cpu_count() or 1
    if QUOTA.exists() and (quota := QUOTA.read_text().split())[0] != "max":
        count = min(count, int(quota[0]) // int(quota[1]))
    return max(1, count)


def parts(title: str, arguments: tuple[str, ...], count: int) -> list[tuple[str, tuple[str, ...]]]:
    """The run in ``count`` parts, each a title and pytest's arguments."""
    if count == 1:
        return [(title, arguments)]
    shares = [f"{which}/{count}" for which in range(1, count + 1)]
    return [(f"{title}, {share}", (*arguments, f"--part={share}")) for share in shares]


def main() -> int:
    """Runs everything; returns the exit status."""
    here = processors()
    pool = ThreadPoolExecutor(min(MOST, here + 1))
    # Each part starts servers, and often a browser, of its own.
    count = max(1, min(MOST, here) // 2)
    runs = [part for one in RUNS for part in parts(*one, count)]
    try:
        # So that no two runs make it.
        list(pool.map(lambda make: make(), (cluster.folder, cluster.file)))
        passed = list(pool.map(lambda one: run(*one), runs))
    finally:
        # Interrupted, no further run begins.
        pool.shutdown(cancel_futures=True)
    passed += [run(*one) for one in LAST]
    failed = [title for (title, _), well in zip((*runs, *LAST), passed, strict=True) if not well]
    if failed:
        sys.stdout.write(f"\nfailed: {', '.join(failed)}\n")
    return 1 if failed else 0


def run(title: str, arguments: tuple[str, ...]) -> bool:
    """Runs pytest and prints what it said; whether it passed."""
    begun = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    with _printing:
        sys.stdout.write(f"\n--- {title} ({time.monotonic() - begun:.0f} s)\n{ended.stdout}")
        sys.stdout.flush()
    return ended.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
