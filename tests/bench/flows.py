"""A sign-in by SMS from the empty form to the landing page, request by request."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.browser import Answer, Browser
from tests.bench.people import PASSWORD, Person, code_of

STEPS = ("form", "password", "code page", "answer", "landing")
PLAIN_USER = "plain"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that is signed in, and the seconds of each step that led there."""

    browser: Browser
    seconds: dict[str, float]

    @property
    def total(self) -> float:
        return sum(self.seconds.values())


_LAST: dict[int, Browser] = {}


def browser_of(person: Person, port: int) -> Browser:
    """The person's browser, from which they have signed in before: each sign-in has given it
    another token, and an old one would be a copy of it."""
    last = _LAST.get(person.id)
    device = last.cookies["device"] if last else person.device
    _LAST[person.id] = browser = Browser(port, device=device)
    return browser


def post_password(browser: Browser, username: str, password: str, expect: int = 302) -> Answer:
    """Name and password into the form that the browser shows."""
    return browser.post("/login/", expect, username=username, password=password)


def begin(browser: Browser, person: Person) -> str:
    """Form and password; returns the path of the attempt, whose page is open."""
    browser.get("/login/")
    path = post_password(browser, person.username, PASSWORD).location
    browser.get(path)
    return path


def resend(browser: Browser, path: str) -> Answer:
    """ "Didn't receive a security code?" """
    return browser.post(f"{path}resend/", delivery="sms")


def sign_in(person: Person, port: int, *, read_code: Callable[[Person], str] = code_of) -> SignedIn:
    """The whole way. The time in which the person reads the code does not count."""
    browser = browser_of(person, port)
    form = browser.get("/login/")
    password = post_password(browser, person.username, PASSWORD)
    path = password.location
    page = browser.get(path)
    answer = browser.post(f"{path}answer/", code=read_code(person))
    landing = browser.get(answer.location)
    answers = (form, password, page, answer, landing)
    seconds = (one.seconds for one in answers)
    return SignedIn(browser, dict(zip(STEPS, seconds, strict=True)))


def plain_sign_in(port: int) -> float:
    """Django's own sign-in, name and password only: form, post, landing page."""
    browser = Browser(port)
    form = browser.get("/accounts/login/")
    posted = browser.post("/accounts/login/", username=PLAIN_USER, password=PASSWORD)
    landing = browser.get(posted.location)
    browser.close()
    return form.seconds + posted.seconds + landing.seconds


def seconds_of(browser: Browser, path: str, times: int) -> list[float]:
    """How long each of some GETs took."""
    return [browser.get(path).seconds for _ in range(times)]


def pause(seconds: float) -> None:
    """What a person does between two clicks."""
    time.sleep(seconds)
