"""G1, G2, G3, G15: a sign-in, its pages and a rate limit, in bare views."""

import statistics
from collections import defaultdict

from tests.bench import people
from tests.bench.browser import Browser
from tests.bench.flows import (
    PLAIN_USER,
    STEPS,
    SignedIn,
    begin,
    browser_of,
    plain_sign_in,
    seconds_of,
    sign_in,
)
from tests.bench.people import PASSWORD
from tests.bench.report import median, table
from tests.bench.rounds import Run
from tests.bench.stack import crowd, wait_until

# Pages of somebody who is signed in.
PAGES = (
    "/",
    "/settings/",
    "/settings/communication/phones/",
    "/settings/communication/emails/",
    "/help/",
)
WARM = 60
PUBLIC_PAGES = ("/login/", "/activate/", "/verify-caller/")


def measure(run: Run) -> None:
    """All rounds; the servers are there for this block only."""
    steps: dict[str, list[float]] = defaultdict(list)
    pages: dict[str, list[float]] = defaultdict(list)
    with (
        run.stack.bare(PLAIN_USER, PASSWORD) as bare,
        run.stack.provider(),
        run.stack.worker(),
        run.stack.web(port=run.stack.port) as web,
    ):
        _warm(run, bare, web)
        for _ in range(run.sizes.rounds):
            people.let_time_pass(run.people, days=2)
            _alone(run, bare, web, steps, pages)
            _together(run, bare, web)
    table(
        "Sign-in by SMS, one client, hash excluded (bare views)",
        ("step", "median of rounds"),
        [(step, median(steps[step])) for step in steps],
    )
    table(
        "Pages (bare views)", ("page", "median of rounds"), [(p, median(pages[p])) for p in pages]
    )


def _warm(run: Run, bare: int, web: int) -> None:
    """Every thread of both servers has its connections."""
    for person in run.people[:WARM]:
        plain_sign_in(bare)
        sign_in(person, web).browser.close()
    _settled(run)


def _alone(run: Run, bare: int, web: int, steps: dict, pages: dict) -> None:
    size, measure, limited = run.sizes, Browser(bare), []
    empty = seconds_of(measure, "/", size.bare)
    for _ in range(size.bare):
        limited.append(measure.get("/limited/").seconds)
        empty.append(measure.get("/").seconds)
    done = [sign_in(person, web) for person in run.people[: size.flows]]
    _settled(run)
    plain = [plain_sign_in(bare) for _ in range(size.flows)]
    shown = _pages(run, web, done[0])
    empty += seconds_of(measure, "/", size.bare)
    one = median(empty)
    steps["one bare view (ms)"].append(1000 * one)
    steps["plain Django"].append(median(plain) / one)
    for step in STEPS:
        steps[step].append(median(flow.seconds[step] for flow in done) / one)
    steps["whole"].append(median(flow.total for flow in done) / one)
    for page, seconds in shown.items():
        pages[page].append(median(seconds) / one)
    run.report.note("G1", steps["whole"][-1], must=20)
    run.report.note("G3", max(pages[page][-1] for page in shown), must=3.5)
    run.report.note("G15", (median(limited) - one) / one, must=0.4)
    for flow in done:
        flow.browser.close()


def _pages(run: Run, web: int, signed_in: SignedIn) -> dict[str, list[float]]:
    """Every page that is only read, and the code page with its polled fragment."""
    person, stranger = run.people[-1], Browser(web)
    waiting = browser_of(person, web)
    attempt = begin(waiting, person)
    _settled(run)
    places = [(stranger, page, page) for page in PUBLIC_PAGES]
    places += [(signed_in.browser, page, page) for page in PAGES]
    places += [(waiting, attempt, "code page"), (waiting, f"{attempt}status/", "status fragment")]
    shown: dict[str, list[float]] = defaultdict(list)
    for _ in range(run.sizes.pages):
        for browser, path, name in places:
            shown[name].append(browser.get(path).seconds)
    return shown


def _together(run: Run, bare: int, web: int) -> None:
    size = run.sizes
    groups = [run.people[size.flows + place :: size.crowd] for place in range(size.crowd)]

    def empty(_place: int) -> list[float]:
        return seconds_of(Browser(bare), "/", size.bare)

    def flows(place: int) -> list[float]:
        return [sign_in(person, web).total for person in groups[place][: size.crowd_flows]]

    before = crowd(size.crowd, empty)
    signed_in = crowd(size.crowd, flows)
    _settled(run)
    after = crowd(size.crowd, empty)
    # By Little's law the mean time of as many clients in a closed loop is their throughput.
    one = statistics.mean(second for client in before + after for second in client)
    whole = statistics.mean(second for client in signed_in for second in client)
    run.report.note("G2", whole / one, must=19)


def _settled(run: Run) -> None:
    wait_until(lambda: not people.unsettled(run.people), "the worker to send everything")
