"""``make test``: the whole suite, side by side in lanes, each with servers of its own.

Much of the suite waits: for browsers, telephones and workers. Lanes use that time. What a lane
prints comes out whole when its run is over, so the last lines are pytest's own summary; the exit
status is 0 only if every run passed.
"""

import subprocess
import sys
import threading
import time

TELEPHONE = ("tests/twilio", "tests/portal/emulator", "tests/accounts/outbox")
BROWSER = "tests/journeys"
# Pages look alike on every database; the crawl is needed once.
CRAWL = f"{BROWSER}/test_every_page.py"
LANES = (
    (
        ("journeys on PostgreSQL", (BROWSER,)),
        ("telephone, on PostgreSQL", TELEPHONE),
    ),
    (
        ("journeys on SQLite", (BROWSER, f"--ignore={CRAWL}", "--db=sqlite")),
        (
            "everything else, on PostgreSQL",
            ("tests", *(f"--ignore={path}" for path in (BROWSER, *TELEPHONE))),
        ),
    ),
)


def main() -> int:
    """Runs the lanes; returns the exit status."""
    failed: list[str] = []
    printing = threading.Lock()

    def walk(lane: tuple) -> None:
        for title, arguments in lane:
            begun = time.monotonic()
            run = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", *arguments],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            with printing:
                sys.stdout.write(f"\n--- {title} ({time.monotonic() - begun:.0f} s)\n{run.stdout}")
                sys.stdout.flush()
                if run.returncode:
                    failed.append(title)

    threads = [threading.Thread(target=walk, args=(lane,)) for lane in LANES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        sys.stdout.write(f"\nfailed: {', '.join(failed)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
