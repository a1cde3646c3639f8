"""A5: finding out which names exist, from what is answered and how fast."""

import random
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence

import pytest
from django.contrib.auth.hashers import make_password
from django.http import HttpResponse
from django.test import Client

from accounts.lockout.models import PasswordFailures
from accounts.users import services as users
from accounts.users.models import User
from sls.enrolment import floor
from sls.login import pace
from tests.attacks.tools import browser
from tests.cast import PASSWORD, begin, person, post_password

ROUNDS = 8
PATIENCE = 15  # seconds
PERMUTATIONS = 2000
SHARE = 0.03
_OWN = re.compile(r'value="[^"]*"|nonce(="|-)[\w-]+|[0-9a-f]{8}-[0-9a-f-]{27}')


@pytest.fixture(autouse=True)
def many_tries(settings):
    settings.SIGN_INS_PER_ADDRESS_MINUTE = 100_000
    settings.SENDS_PER_ADDRESS_HOUR = 100_000


def shape(response: HttpResponse) -> tuple:
    """All that two answers may not differ in: but for tokens, ids and what was typed."""
    headers = {k: _OWN.sub("", v) for k, v in response.headers.items() if k != "X-Request-ID"}
    headers.pop("Content-Length", None)
    cookies = {name: {**morsel, "expires": ""} for name, morsel in response.cookies.items()}
    body = _OWN.sub("", response.content.decode())
    return response.status_code, headers, cookies, body


@pytest.fixture
def closed(db) -> User:
    user = person("carla", mobile="+14155550120")
    User.objects.filter(pk=user.pk).update(is_active=False)
    return user


@pytest.mark.parametrize("failures", [1, 6, 12])
def test_known_closed_opened_and_unknown_names_get_one_answer(alice, closed, nina, clock, failures):
    """A first failure, a slowed one, a locked one."""
    clock.move_to(clock.shift(0) or time.time(), tick=False)
    shapes = []
    for name in ("alice", "carla", "nina", "nobody-at-all"):
        for _ in range(min(failures, 10) - 1):
            post_password(browser(), name, "wrong")
            if failures == 12:
                PasswordFailures.objects.update(count=failures)
        shapes.append(shape(post_password(browser(), name, "wrong")))
    assert shapes.count(shapes[0]) == len(shapes)


def test_a_locked_name_answers_alike_to_right_and_wrong_passwords(alice, clock):
    clock.move_to(time.time(), tick=False)
    for name in ("alice", "nobody-at-all"):
        for _ in range(10):
            post_password(browser(), name, "wrong")
            clock.shift(300)
    answers = [
        shape(post_password(browser(), "alice", PASSWORD)),
        shape(post_password(browser(), "alice", "wrong")),
    ]
    assert answers[0] == answers[1]


def test_the_destination_is_named_only_after_the_right_password(alice):
    for password in ("wrong", ""):
        body = post_password(browser(), "alice", password).content.decode()
        assert "... 01" not in body
        assert "Alice Example" not in body
    tab = browser()
    assert "... 01" in tab.get(begin(tab)).content.decode()


@pytest.mark.parametrize("page", ["/activate/", "/activate/resend/"])
def test_the_activation_answers_alike_for_every_name(alice, closed, nina, page):
    shapes = [
        shape(browser().post(page, {"username": name, "code": "000000"}))
        for name in ("nina", "alice", "carla", "nobody-at-all")
    ]
    assert shapes.count(shapes[0]) == len(shapes)


def test_an_activation_that_was_guessed_too_often_answers_alike(nina):
    for _ in range(6):
        known = browser().post("/activate/", {"username": "nina", "code": "000000"})
        unknown = browser().post("/activate/", {"username": "nobody", "code": "000000"})
        assert shape(known) == shape(unknown)


@pytest.mark.parametrize("path", ["", "answer/", "resend/", "status/", "method/"])
def test_foreign_and_invented_sign_ins_are_the_same_404(client, alice, path):
    url = begin(client)
    invented = f"/login/{'x' * 43}/"
    ask = Client.get if path in ("", "status/") else Client.post
    foreign = ask(browser(), url + path)
    assert foreign.status_code == 404
    assert shape(foreign) == shape(ask(browser(), invented + path))


@pytest.mark.parametrize("path", ["verify/", "primary/", "remove/", "test/"])
def test_foreign_and_invented_contacts_are_the_same_404(signed_in, bob, path):
    foreign = bob.phonenumbers.get().pk
    answers = [
        shape(signed_in.post(f"/settings/communication/phones/{pk}/{path}"))
        for pk in (foreign, 999_999)
    ]
    assert answers[0][0] == 404
    assert answers[0] == answers[1]


# --- Time ----------------------------------------------------------------------------------------


@pytest.fixture
def argon(real_hash) -> Iterator[None]:
    """The real hash also for names that do not exist."""
    users._decoy.cache_clear()
    users.warm()
    yield
    users._decoy.cache_clear()


def measure(acts: Sequence[Callable[[], object]], rounds: list[list[float]]) -> None:
    """Adds rounds of seconds, one for each act; the order turns, so that drift hits all alike."""
    for number in range(ROUNDS):
        seconds = [0.0] * len(acts)
        order = range(len(acts)) if number % 2 else reversed(range(len(acts)))
        for place in order:
            PasswordFailures.objects.all().delete()
            before = time.perf_counter()
            acts[place]()
            seconds[place] = time.perf_counter() - before
        rounds.append(seconds)


def quiet(times: Sequence[float]) -> float:
    """The median of the fastest quarter: what an attacker takes too, for noise only adds."""
    return statistics.median(sorted(times)[: len(times) // 4])


def chance(rounds: list[list[float]], place: int) -> float:
    """How probable it is that act 0 and this one differ so much by chance alone.

    A permutation test: were there no difference, exchanging the two within a round would change
    nothing.
    """

    def gap(pairs: Sequence[Sequence[float]]) -> float:
        one, other = zip(*pairs, strict=True)
        return abs(quiet(one) - quiet(other))

    dice = random.Random(1)
    pairs = [(seconds[0], seconds[place]) for seconds in rounds]
    seen = gap(pairs)
    as_much = sum(
        gap([pair[:: dice.choice((1, -1))] for pair in pairs]) >= seen for _ in range(PERMUTATIONS)
    )
    return (as_much + 1) / (PERMUTATIONS + 1)


def test_g18_the_sign_in_takes_as_long_for_every_name(alice, closed, argon):
    """Passes when the times differ by little, or no more than chance does (SECURITY A5).

    A difference made by the portal stays however often it is measured; one made by what else the
    machine does at that moment goes away. So the measuring may go on for a while.
    """
    User.objects.update(password=make_password(PASSWORD))
    acts = [
        lambda: post_password(browser(), "nobody-at-all", "wrong"),
        lambda: post_password(browser(), "alice", "wrong"),
        lambda: post_password(browser(), "carla", PASSWORD),
    ]
    allowed = max(0.005, SHARE * users.check(user=None, password="some password").seconds)
    rounds: list[list[float]] = []
    began, spread = time.monotonic(), allowed + 1
    while spread > allowed and time.monotonic() - began < PATIENCE:
        measure(acts, rounds)
        found = [quiet(times) for times in zip(*rounds, strict=True)]
        spread = max(found) - min(found)
    assert spread <= allowed or min(chance(rounds, place) for place in (1, 2)) >= 0.001


def test_what_a_known_name_costs_more_fits_into_the_held_time(alice, argon, monkeypatch):
    """The portal waits for a share of the hash's time; that hides nothing once it is used up."""
    User.objects.update(password=make_password(PASSWORD))
    spent = []
    even = pace.even

    def noting(*, hash_seconds, since):
        spent.append((time.perf_counter() - since) / hash_seconds)
        even(hash_seconds=hash_seconds, since=since)

    monkeypatch.setattr(pace, "even", noting)
    for password in ["wrong"] * 4 + [PASSWORD] * 3:
        post_password(browser(), "alice", password)
    assert statistics.median(spent) < pace.SHARE


def test_the_activation_is_held_for_every_name(nina, settings):
    settings.TESTING = False  # where the hold is left out
    posted = [{"username": name, "code": "000000"} for name in ("nina", "nobody")]
    for page in ("/activate/", "/activate/resend/"):
        for fields in posted:
            before = time.perf_counter()
            assert browser().post(page, fields).status_code == 200
            assert time.perf_counter() - before >= floor.SECONDS
