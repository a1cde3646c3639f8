"""``python -m tests.bench [--quick] [--only NAME ...]``; exits with 1 when a goal is missed."""

import argparse
import os
import sys
import time

import django

from tests.bench.report import Report, say
from tests.bench.stack import Stack

SECTIONS = {
    "counting": "statements and trips to Redis (G4, G5, G6, G17)",
    "allow_list": "a decision by a long list of addresses (G14)",
    "signing_in": "a sign-in, its pages and a rate limit (G1, G2, G3, G15)",
    "decisions": "a decision for the brokerage's own systems",
    "answers": "answers of a card and of an app (G12, G13)",
    "telephone": "from the click to the provider (G9, G10, G11)",
    "hashing": "known and unknown names take the same time (G18)",
    "activity": "record and console with ten million entries and a million people (G16)",
    "demo": "from `make demo` to ready",
}


def main() -> int:
    """Runs the sections in order; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="tests.bench",
        description="Measures the goals of speed.",
        epilog="\n".join(f"  {name:<12}{what}" for name, what in SECTIONS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="one small round, for development")
    parser.add_argument(
        "--only", nargs="+", choices=SECTIONS, default=list(SECTIONS), metavar="NAME"
    )
    chosen = parser.parse_args()
    begun, report = time.monotonic(), Report()
    stack = Stack()
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    django.setup()
    run = _prepare(stack, report, quick=chosen.quick)
    try:
        # In order: what stands first finds people to whom nothing has happened yet.
        for name in filter(chosen.only.__contains__, SECTIONS):
            _measure(name, run)
    except Exception:
        sys.stderr.write(stack.log())
        raise
    say("")
    report.conclude()
    say(f"\n{time.monotonic() - begun:.0f} s; missed: {', '.join(report.missed) or 'none'}")
    return 1 if report.missed else 0


def _prepare(stack: Stack, report: Report, *, quick: bool):
    from django.core.management import call_command

    from tests.bench import people
    from tests.bench.rounds import QUICK, Run, Sizes

    call_command("migrate", verbosity=0, interactive=False)
    sizes = QUICK if quick else Sizes()
    crowd = people.create("client", 160, start=0, hasher="md5")
    careful = people.create("careful", sizes.hashes, start=400, hasher="argon2")
    return Run(stack, sizes, report, crowd, careful)


def _measure(name: str, run) -> None:
    from importlib import import_module

    import_module(f"tests.bench.{name}").measure(run)


if __name__ == "__main__":
    sys.exit(main())
