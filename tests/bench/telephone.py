"""G9, G10, G11: from the click to the provider's socket, and that no click waits for it."""

import contextlib
import http.client
import random
from collections.abc import Callable, Iterator
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
GAP = 0.02  # seconds between two clicks of a series
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
                quick = _resends(run, web, lambda: None)
                slow = _resends(run, web, lambda: provider.delay(SLOW))
                ready = _ready(run, web)
            down = _answers(ready)
            people.forget_unsent()
            rows.append((quick, slow, down))
            run.report.note("G10", max(slow, down) / quick, must=1.1)
    _table("Answer to resend by the provider's state", ("0 ms", "120 ms", "down"), rows)


def _resends(run: Run, web: int, change: Callable[[], None]) -> float:
    ready = _ready(run, web)
    change()
    return _answers(ready)


def _ready(run: Run, web: int) -> list[tuple[Person, Browser, str]]:
    """Code pages of people who may ask again at once; nothing is on its way."""
    people.let_time_pass(run.people, days=2)
    persons = run.people[: run.sizes.clicks]
    browsers = [browser_of(person, web) for person in persons]
    ready = [
        (person, one, begin(one, person)) for one, person in zip(browsers, persons, strict=True)
    ]
    settle(run)
    return ready


def _answers(ready: list[tuple[Person, Browser, str]]) -> float:
    """The median time of a resend."""
    found = []
    for person, browser, path in ready:
        # At the last moment: each new try of a message that was not taken counts as a send.
        people.let_time_pass([person], seconds=400)
        found.append(resend(browser, path).seconds)
        pause(GAP)
    return median(found)


def _never_waits(run: Run, web: int) -> None:
    """Password and resend with the emulator as it is, delayed by five seconds, and stopped."""
    passwords, resends = [], []
    for _ in range(run.sizes.rounds):
        emulator = emulator_process.start(
            PORT=str(web), DJANGO_SETTINGS_MODULE="portal.emulator.settings"
        )
        with emulator, run.stack.worker(TWILIO_API_BASE=emulator.base_url):
            usual = _posts(run, web)
            settle(run)
            order(emulator.port, on="messages", fault="delay", ms="5000", times="1000")
            delayed = _posts(run, web)
            emulator.stop()
            people.forget_unsent()
            down = _posts(run, web)
            people.forget_unsent()
        passwords.append([usual[0], delayed[0], down[0]])
        resends.append([usual[1], delayed[1], down[1]])
    states = ("as it is", "5 s", "down")
    _table("Answer to a password by the emulator's state", states, passwords)
    _table("Answer to resend by the emulator's state", states, resends)
    for name, rows in (("password", passwords), ("resend", resends)):
        for usual, *others in rows:
            goal = f"{name}_never_waits"
            run.report.note(goal, max(others) / usual, must=1.1)
            run.report.note(
                f"{goal}_ms", 1000 * (max(others) - usual), must=1000 * NOT_MORE, unit="ms"
            )


def _posts(run: Run, web: int) -> tuple[float, float]:
    """The median times of a password and of a resend, of as many people."""
    persons = run.people[: run.sizes.waits]
    people.let_time_pass(persons, days=2)
    begun, passwords = [], []
    for person in persons:
        browser = browser_of(person, web)
        browser.get("/login/")
        answer = post_password(browser, person.username, PASSWORD)
        browser.get(answer.location)
        passwords.append(answer.seconds)
        begun.append((person, browser, answer.location))
        pause(GAP)
    return median(passwords), _answers(begun)


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
