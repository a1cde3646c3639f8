"""G18: an unknown name, a wrong and a right password take the same time, with the real hash."""

import time

from django.contrib.auth.hashers import check_password

from accounts.users.models import User
from tests.bench import people
from tests.bench.browser import Browser
from tests.bench.flows import browser_of, pause, post_password
from tests.bench.people import PASSWORD, Person
from tests.bench.report import median, table
from tests.bench.rounds import Run
from tests.bench.stack import REAL

KINDS = ("unknown", "wrong", "right")


def measure(run: Run) -> None:
    """All rounds. The kinds alternate, so that all see the same machine."""
    rows = []
    with (
        run.stack.provider(),
        run.stack.worker(),
        run.stack.web(profile=REAL, port=run.stack.port) as web,
    ):
        for turn in range(run.sizes.rounds):
            people.let_time_pass(run.careful, days=2)
            medians = _round(run, web, turn)
            spread = max(medians.values()) - min(medians.values())
            one_hash = hash_seconds(run)
            run.report.note("G18", 100 * spread / one_hash, must=3, unit="% of the hash")
            rows.append(
                (f"round {turn + 1}", *(1000 * medians[kind] for kind in KINDS), 1000 * one_hash)
            )
    table("Answer to a password with Argon2 (ms)", ("", *KINDS, "hash alone"), rows)


def _round(run: Run, web: int, turn: int) -> dict[str, float]:
    seconds: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for place, person in enumerate(run.careful[: run.sizes.hashes]):
        posts = {
            "unknown": (f"nobody{turn}x{place}", PASSWORD, 200),
            "wrong": (person.username, f"{PASSWORD}!", 200),
            "right": (person.username, PASSWORD, 302),
        }
        for kind in _shuffled(place):
            seconds[kind].append(_post(person, web, *posts[kind]))
    return {kind: median(values) for kind, values in seconds.items()}


def _shuffled(place: int) -> tuple[str, ...]:
    """Each kind as often first, second and last."""
    turn = place % len(KINDS)
    return KINDS[turn:] + KINDS[:turn]


def _post(person: Person, web: int, username: str, password: str, expect: int) -> float:
    browser: Browser = browser_of(person, web)
    browser.get("/login/")
    taken = post_password(browser, username, password, expect).seconds
    browser.close()
    # What a right password sends is on its way before the next is measured.
    pause(0.03)
    return taken


def hash_seconds(run: Run) -> float:
    """What one hash takes on this machine while nothing else runs."""
    stored = User.objects.get(pk=run.careful[0].id).password
    taken = []
    for _ in range(5):
        begun = time.perf_counter()
        assert check_password(PASSWORD, stored)
        taken.append(time.perf_counter() - begun)
    return median(taken)
