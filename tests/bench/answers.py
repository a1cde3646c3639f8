"""G12, G13: validations of a card's response and of an app's code over HTTP; of the card also
through the service, and alone.

privacyIDEA is not installed here. Where the goals were set, it took 100 ms for a validation over
HTTP (56 statements and 8 commits around the same computation), and one Argon2 hash took 200 ms; so
here it is taken to need half of what a hash takes in the run. The goal is to be eight times as
fast. A validation is the right answer on the page that tests a device: judged, counted and audited.
"""

import secrets
import time
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django_otp.oath import totp

from accounts.audit import services as audit
from accounts.challenges.models import Challenge, Purpose
from accounts.origin import Origin
from sls.algorithms import ocra
from sls.methods import registry
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.device import Authenticator
from sls.methods.dsc_plus import rules
from sls.methods.dsc_plus.models import Card, CardDevice
from sls.methods.protocol import DeviceRow
from tests.bench.browser import Browser
from tests.bench.flows import PLAIN_USER, begin, browser_of, seconds_of
from tests.bench.hashing import hash_seconds
from tests.bench.people import PASSWORD, Person
from tests.bench.report import median, table
from tests.bench.rounds import Run

OF_A_HASH, TIMES_AS_FAST = 0.5, 8  # privacyIDEA's validation; the goal
SUITE, SEED, PIN = "OCRA-1:HOTP-SHA256-8:QN06-PSHA256", b"1" * 32, "4827"
CODE, APP, ORIGIN = "dsc_plus", "authenticator_app", Origin(address="127.0.0.1")
WEIGHED = 500


def measure(run: Run) -> None:
    """All rounds; everybody signs in by a card of their own."""
    people = run.people[: run.sizes.flows]
    devices = {person.id: _card(person) for person in people}
    with (
        run.stack.bare(PLAIN_USER, PASSWORD) as bare,
        run.stack.web(port=run.stack.port) as web,
    ):
        turns = range(run.sizes.rounds)
        rows = [_round(run, turn, people, devices, bare, web) for turn in turns]
    # The next section's sign-ins ask for a code by text message again.
    for kind in (AppDevice, CardDevice):
        kind.objects.filter(user_id__in=devices).delete()
    table(
        "A response of a card, a code of an app (privacyIDEA: half of the hash of this run)",
        (
            *("", "hash (ms)", "over HTTP", "bare views", "a second", "sign-in", "service"),
            *("alone", "app (ms)", "bare views"),
        ),
        rows,
    )


def _round(run: Run, turn: int, people: list, devices: dict, bare: int, web: int) -> tuple:
    one, hashed = median(seconds_of(Browser(bare), "/", run.sizes.bare)), hash_seconds(run)
    answers = [_answers(person, devices[person.id], web) for person in people]
    signing_in, testing, app = (median(kind) for kind in zip(*answers, strict=True))
    through = median([_verified(person, devices[person.id]) for person in people])
    alone = _weighed(devices[people[0].id].card)
    times = OF_A_HASH * hashed / testing
    run.report.note("G12", times, must=TIMES_AS_FAST, at_least=True, unit="times privacyIDEA")
    run.report.note("G12_alone", 1000 * alone, must=0.2, unit="ms with unsealing")
    run.report.note(
        "G13", OF_A_HASH * hashed / app, must=TIMES_AS_FAST, at_least=True, unit="times privacyIDEA"
    )
    inside = (1000 * signing_in, 1000 * through, 1000 * alone, 1000 * app, app / one)
    return (f"round {turn + 1}", 1000 * hashed, 1000 * testing, testing / one, 1 / testing, *inside)


def _card(person: Person) -> CardDevice:
    now = timezone.now()
    card = Card(serial=f"BENCH{person.id}", suite=SUITE, imported_at=now, shipped_at=now)
    card.put_seed(SEED)
    card.put_pin(PIN)
    card.save(force_insert=True)
    return CardDevice.objects.create(user_id=person.id, card=card, name="Card")


def _response(challenge: Challenge) -> str:
    return ocra.compute(SUITE, SEED, challenge.question, pin=PIN)


def _answers(person: Person, device: CardDevice, port: int) -> tuple[float, float, float]:
    """The seconds of the POST of a response that signs in, of one that only tests the card, and of
    a code that tests an app."""
    browser = browser_of(person, port)
    path = begin(browser, person)
    browser.post(f"{path}method/", device=device.persistent_id)
    browser.get(path)
    signing_in = browser.post(f"{path}answer/", code=_asked(person)).seconds
    testing = _tested(browser, CODE, device, lambda: _asked(person))
    app, seed = AppDevice(user_id=person.id, name="App"), secrets.token_bytes(20)
    app.put_seed(seed)
    app.save(force_insert=True)
    app_testing = _tested(browser, APP, app, lambda: f"{totp(seed):06d}")
    browser.close()
    return signing_in, testing, app_testing


def _tested(
    browser: Browser, method: str, device: Authenticator, answer: Callable[[], str]
) -> float:
    """The seconds of the POST of a right answer on the page that tests ``device``."""
    test = f"/settings/security/sls/{method}/{device.pk}/test/"
    browser.get(test)
    browser.post(test)
    browser.get(test)
    return browser.post(test, code=answer()).seconds


def _asked(person: Person) -> str:
    return _response(Challenge.objects.filter(user_id=person.id).latest("created_at"))


def _verified(person: Person, device: CardDevice) -> float:
    """The seconds that the method takes to judge, lock, count and commit."""
    method = registry.get(CODE)
    row = DeviceRow(device.persistent_id, CODE, device.name, "", False, None)
    with transaction.atomic():
        asked = method.challenge(
            row,
            user=audit.lock(person.id),
            purpose=Purpose.TEST,
            bound_to=f"{person.id:064}",
            origin=ORIGIN,
        )
    answer, begun = _response(asked), time.perf_counter()
    verdict = method.verify(asked, answer, origin=ORIGIN)
    taken = time.perf_counter() - begun
    assert verdict.is_ok
    return taken


def _weighed(card: Card) -> float:
    """The seconds of unsealing and computing, without the tables."""
    begun = time.perf_counter()
    for _ in range(WEIGHED):
        seed, pin = card.open_seed(), card.open_pin()
        rules.weigh(SUITE, seed, "492817", "00000000", pin=pin, counter=0, awaited=None)
    return (time.perf_counter() - begun) / WEIGHED
