"""G9, G10, G11: from the click to the provider's socket, and that no click waits for it."""

import contextlib
import http.client
import random
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import urlencode

from tests import emulator_process
from tests.bench import people
from tests.bench.browser import Answer, Browser
from tests.bench.flows import begin, browser_of, pause, post_password, resend
from tests.bench.people import PASSWORD, Person
from tests.bench.report import median, p95, table
from tests.bench.rounds import Run
from tests.bench.stack import Provider, crowd, wait_until

SLOW = 120  # milliseconds
# One code is sent five times at most, the first time with the password.
RESENDS = 4
# Seconds between two clicks: the worker is through with the last one, however slow the provider.
REST = 0.15
NOT_MORE = 0.020  # seconds that a post may take longer with the provider delayed by 5 s


def measure(run: Run) -> None:
    """All rounds."""
    with run.stack.web(port=run.stack.port) as web:
        with run.stack.provider() as provider, run.stack.worker():
            with run.stack.web(target="tests.bench.inline:application") as inline:
                for _ in range(run.sizes.rounds):
                    _against_synchronous(run, provider, web, inline)
            for _ in range(run.sizes.rounds):
                _crowd(run, provider, web)
        _own_answer(run, web)
        _never_waits(run, web)


class Clicks:
    """Clicks on resend, as many as are wanted, each allowed by the spacing."""

    def __init__(self, run: Run, port: int, persons: list[Person]) -> None:
        self.run, self.port, self.persons = run, port, persons

    def __iter__(self) -> Iterator[Callable[[], tuple[Person, Answer]]]:
        for person in self.persons:
            browser = browser_of(person, self.port)
            path = begin(browser, person)
            for _ in range(RESENDS):
                settle(self.run)
                people.let_time_pass([person], seconds=400)
                yield lambda person=person, browser=browser, path=path: (
                    person,
                    resend(browser, path),
                )
            browser.close()


def settle(run: Run) -> None:
    """Nothing waits any more, and the machine is at rest."""
    wait_until(lambda: not people.unsettled(run.people), "the worker to send everything")
    pause(0.01)


def to_wire(clicks: list[tuple[Person, Answer]], arrivals: list[tuple[str, float]]) -> list[float]:
    """Seconds from each click to the arrival of its message."""
    found = []
    for person, answer in clicks:
        later = [at for to, at in arrivals if to == person.number and at >= answer.asked]
        found.append(min(later) - answer.asked)
    return found


def _against_synchronous(run: Run, provider: Provider, web: int, inline: int) -> None:
    """The clicks alternate, so that both kinds see the same machine."""
    people.let_time_pass(run.people, days=2)
    provider.delay(0)
    half = len(run.people) // 2
    queued_clicks = iter(Clicks(run, web, run.people[:half]))
    inline_clicks = iter(Clicks(run, inline, run.people[half:]))
    provider.arrivals()
    queued, synchronous = [], []
    for _ in range(run.sizes.clicks):
        queued.append(next(queued_clicks)())
        synchronous.append(next(inline_clicks)())
    settle(run)
    arrivals = provider.arrivals()
    through_queue, direct = to_wire(queued, arrivals), to_wire(synchronous, arrivals)
    table(
        "Click on resend to the provider's socket (ms)",
        ("", "median", "p95"),
        [
            (name, 1000 * median(times), 1000 * p95(times))
            for name, times in (("through the queue", through_queue), ("synchronous", direct))
        ],
    )
    run.report.note("G9", p95(through_queue) / p95(direct), must=1.5)


def _crowd(run: Run, provider: Provider, web: int) -> None:
    """Eight clients at once, each clicking several times a second."""
    people.let_time_pass(run.people, days=2)
    provider.delay(SLOW)
    size = run.sizes
    each = max(2, size.clicks // size.crowd)
    groups = [run.people[place :: size.crowd][:each] for place in range(size.crowd)]
    begun: list[list[tuple[Browser, str]]] = []
    for group in groups:
        browsers = [browser_of(person, web) for person in group]
        begun.append(
            [(one, begin(one, person)) for one, person in zip(browsers, group, strict=True)]
        )
    settle(run)
    people.let_time_pass(run.people, seconds=400)
    provider.arrivals()

    def click(place: int) -> list[tuple[Person, Answer]]:
        chance, clicks = random.Random(place), []
        for person, (browser, path) in zip(groups[place], begun[place], strict=True):
            pause(chance.uniform(0.1, 0.3))
            # A connection of the parent is not the child's.
            own = Browser(web, **browser.cookies)
            own.token = browser.token
            clicks.append((person, resend(own, path)))
        return clicks

    clicks = [one for client in crowd(size.crowd, click) for one in client]
    settle(run)
    provider.delay(0)
    run.report.note("G11", 1000 * p95(to_wire(clicks, provider.arrivals())), must=130, unit="ms")


def _own_answer(run: Run, web: int) -> None:
    """The page's own time does not know whether the provider is quick, slow or away."""
    rows = []
    with run.stack.worker():
        for _ in range(run.sizes.rounds):
            with run.stack.provider() as provider:
                quick, slow = [], []
                for place, click in enumerate(_ready(run, web, 2 * run.sizes.waits)):
                    provider.delay(SLOW if place % 2 else 0)
                    (slow if place % 2 else quick).append(click())
                    pause(REST)
                provider.delay(0)
                ready = _ready(run, web, run.sizes.waits)
            down = []
            for click in ready:
                down.append(click())
                pause(REST)
            people.forget_unsent()
            row = (median(quick), median(slow), median(down))
            rows.append(row)
            run.report.note("G10", max(row[1:]) / row[0], must=1.1)
    _table("Answer to resend by the provider's state", ("0 ms", "120 ms", "down"), rows)


def _ready(run: Run, web: int, number: int) -> list[Callable[[], float]]:
    """Clicks of people who may ask again at once; nothing is on its way."""
    people.let_time_pass(run.people, days=2)
    ready = []
    for person in run.people[:number]:
        browser = browser_of(person, web)
        ready.append(partial(_click, person, browser, begin(browser, person)))
    settle(run)
    return ready


def _click(person: Person, browser: Browser, path: str) -> float:
    # At the last moment: each new try of a message that was not taken counts as a send.
    people.let_time_pass([person], seconds=400)
    return resend(browser, path).seconds


def _never_waits(run: Run, web: int) -> None:
    """Password and resend with the emulator as it is, delayed by five seconds, and stopped."""
    rows: dict[str, list[tuple[float, ...]]] = {"password": [], "resend": []}
    for _ in range(run.sizes.rounds):
        emulator = emulator_process.start(
            PORT=str(web), DJANGO_SETTINGS_MODULE="portal.emulator.settings"
        )
        with emulator, run.stack.worker(TWILIO_API_BASE=emulator.base_url):
            both = run.people[: 2 * run.sizes.waits]
            for person in both[1::2]:
                order(emulator.port, on="messages", fault="delay", times="9", to=person.number)
            up = _posts(run, web, both)
            people.forget_unsent()
            emulator.stop()
            down = _posts(run, web, both[::2])
            people.forget_unsent()
        for name, of_round in rows.items():
            usual, delayed = median(up[name][::2]), median(up[name][1::2])
            of_round.append((usual, delayed, median(down[name])))
    for name, of_rounds in rows.items():
        states = ("as it is", "5 s", "down")
        _table(f"Answer to {name} by the emulator's state", states, of_rounds)
        for usual, *others in of_rounds:
            goal, slowest = f"{name}_never_waits", max(others)
            run.report.note(goal, slowest / usual, must=1.1)
            more = 1000 * (slowest - usual)
            run.report.note(f"{goal}_ms", more, must=1000 * NOT_MORE, unit="ms")


def _posts(run: Run, web: int, persons: list[Person]) -> dict[str, list[float]]:
    """The times of a password and of a resend of each person."""
    people.let_time_pass(persons, days=2)
    clicks, seconds = [], {"password": [], "resend": []}
    for person in persons:
        browser = browser_of(person, web)
        browser.get("/login/")
        answer = post_password(browser, person.username, PASSWORD)
        browser.get(answer.location)
        seconds["password"].append(answer.seconds)
        clicks.append(partial(_click, person, browser, answer.location))
        pause(REST)
    for click in clicks:
        seconds["resend"].append(click())
        pause(REST)
    return seconds


def order(port: int, **fault: str) -> None:
    """Lets the emulator fail."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port)) as link:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        link.request("POST", "/control/faults", urlencode(fault), headers)
        if link.getresponse().status != 204:
            raise RuntimeError("the emulator refuses the fault")


def _table(title: str, states: tuple[str, ...], rows: list) -> None:
    table(
        f"{title} (ms)",
        ("", *states),
        [(f"round {place}", *(1000 * one for one in row)) for place, row in enumerate(rows, 1)],
    )
