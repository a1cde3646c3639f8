"""G14: a list of 10,000 entries answers as fast as one of 10."""

import secrets
import time
from datetime import UTC, datetime

from accounts.ip_restrictions import rules
from accounts.ip_restrictions.networks import FIRST_V6
from accounts.ip_restrictions.rules import AllowList, Entry, State
from tests.bench.report import median, table
from tests.bench.rounds import Run

FEW, MANY = 10, 10_000
ASKED = 2_000


def measure(run: Run) -> None:
    """All rounds; the two lists alternate, so that both see the same machine."""
    few, many = allow_list(FEW), allow_list(MANY)
    rows = []
    for turn in range(run.sizes.rounds):
        small, large = microseconds(few), microseconds(many)
        run.report.note("G14", large / small, must=3)
        run.report.note("G14_us", large, must=20, unit="us")
        rows.append((f"round {turn + 1}", small, large))
    table("One decision (us)", ("", f"{FEW} entries", f"{MANY} entries"), rows)


def allow_list(size: int) -> AllowList:
    """So many networks that do not touch, half of them IPv6."""
    entries = []
    for number in range(size):
        first = (0x3C00_0000 if number % 2 else FIRST_V6 + (0x2001 << 112)) + (number << 10)
        entries.append(Entry(rules.ALL, State.ACTIVE, None, first, first + 255))
    return rules.compiled(entries, datetime.now(UTC))


def microseconds(allowed: AllowList) -> float:
    """The median of one decision, for addresses within and without, of both families."""
    asked = [
        f"60.{secrets.randbelow(160)}.{secrets.randbelow(256)}.7" if turn % 2 else f"2001::{turn:x}"
        for turn in range(ASKED)
    ]
    taken = []
    for address in asked:
        begun = time.perf_counter()
        rules.decide(allowed, address=address, platform="web", browser="")
        taken.append(time.perf_counter() - begun)
    return median(taken) * 1_000_000
