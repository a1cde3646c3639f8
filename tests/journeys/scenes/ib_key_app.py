"""The IB Key app. What the server would say is put between the app and it, so that each screen can
be seen by itself; what both do together is told by the journeys."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from tests.journeys.authenticator import Authenticator
from tests.journeys.scenes.scene import Scene, at

API = "**/api/v1/ib-key/**"
NUMBERS = [
    {"id": "1", "masked": "+1 ••• ••• ••01", "primary": True},
    {"id": "2", "masked": "+81 •• •••• ••78", "primary": False},
]
# A row of a user as the app keeps it; its keys are made in the browser.
SEED = """async (rows) => {
  const stem = document.querySelector("script[type=module]").src.replace(/main\\..*/, "");
  const {users, kept} = await import(stem + "store.js");
  const {make} = await import(stem + "keys.js");
  for (const row of await users.all()) await users.drop(row.device);
  for (const name of ["activation", "settings"]) await kept.drop(name);
  for (const row of rows) {
    const wrap = await crypto.subtle.generateKey({name: "AES-GCM", length: 256}, false,
      ["encrypt", "decrypt"]);
    const element = await import(stem + "element.js");
    const sealed = await element.seal(wrap, new Uint8Array(32), row.username);
    await users.put({...row, wrap, sealed, since: Date.UTC(2026, 10, 21, 9),
      key: (await make()).privateKey});
  }
}"""


def row(username: str = "alice", **facts: Any) -> dict[str, Any]:
    """Of a phone whose IB Key is closed by a PIN."""
    suite = "OCRA-1:HOTP-SHA256-8:QN06-PSHA256"
    own = {"device": f"d-{username}", "username": username, "suite": suite, "element": "pin"}
    return own | {"state": "active", "phone_name": "iPhone", "push": False} | facts


def state(**facts: Any) -> dict[str, Any]:
    """What the server says of an active user."""
    now = timezone.now()
    own = {"username": "alice", "state": "active", "element": "pin", "phone_name": "iPhone"}
    rest = {"push": False, "seamless": True, "approval": None, "last": None}
    return own | rest | {"now": now.isoformat()} | facts


def approval(**facts: Any) -> dict[str, Any]:
    """A sign-in that waits."""
    now = timezone.now()
    own = {"id": "p1", "action": "Sign in", "platform": "Client Portal", "place": "Zürich, CH"}
    times = {"asked_at": now.isoformat(), "expires_at": (now + timedelta(seconds=170)).isoformat()}
    return own | times | {"browser": "Firefox on Windows", "address": "203.0.113.7"} | facts


def activation(**facts: Any) -> dict[str, Any]:
    """One that has begun."""
    ends = (timezone.now() + timedelta(minutes=10)).isoformat()
    own = {"activation": "a1", "needs": "code", "numbers": NUMBERS, "migrates": False}
    return own | {"username": "alice", "expires_at": ends} | facts


class Answers:
    """``Answers(state=…)``: what each call is answered with; an answer may be a pair of status and
    problem. Calls that are not named get ``{}``."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers

    def stand_in(self, page: Page) -> None:
        """From now on the page talks to this."""
        page.unroute(API)
        page.route(API, self._answer)

    def _answer(self, route: Route) -> None:
        name = route.request.url.rpartition("/")[2].replace("-", "_")
        found = self.answers.get(name, {})
        status, body = found if isinstance(found, tuple) else (200, found)
        route.fulfill(status=status, content_type="application/json", body=json.dumps(body))


def shown(
    *rows: dict[str, Any],
    answers: Callable[[], Answers] = lambda: Answers(state=state()),
    to: str = "#home",
    then: Callable[[Page], None] | None = None,
) -> Callable[[Page], None]:
    """The app with these users on the phone, at an address of its own, after some steps."""

    def act(page: Page) -> None:
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.emulate_media(reduced_motion="reduce")
        answers().stand_in(page)
        page.evaluate(SEED, list(rows))
        page.evaluate("to => history.replaceState(null, '', to)", to)
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        if then:
            then(page)

    return act


def waits(page: Page) -> None:
    expect(page.locator(".screen--approve")).to_be_visible()


def asked(**facts: Any) -> Callable[[], Answers]:
    """Alice is asked to approve."""
    return lambda: Answers(state=state(approval=approval(), **facts))


def _refuses(page: Page) -> None:
    waits(page)
    page.locator(".button--refuse").click()
    expect(page.locator(".choice")).to_have_count(3)


def _not_me(page: Page) -> None:
    _refuses(page)
    page.locator(".choice").nth(1).click()
    expect(page.locator("[data-outcome=not_me]")).to_be_visible()


def _approves(outcome: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        waits(page)
        page.locator("[name=digits]").fill("482")
        page.locator("[name=pin]").fill("48a7")
        page.locator(".pair--decide .button").nth(1).click()
        expect(page.locator(f"[data-outcome={outcome}]")).to_be_visible()

    return act


def _problem(word: str) -> dict[str, str]:
    return {"type": f"https://portal.example/problems/{word}"}


def decided(outcome: str, status: int = 409) -> Callable[[Page], None]:
    """Alice approves, and the server says what became of it."""
    answer = {"state": "approved"} if outcome == "approved" else (status, _problem(outcome))

    def answers() -> Answers:
        return Answers(state=state(approval=approval()), approve=answer)

    return shown(row(), answers=answers, then=_approves(outcome))


def press(page: Page, place: str = ".foot .button") -> None:
    page.locator(place).first.click()


def credentials(page: Page) -> None:
    press(page)
    page.locator("[name=username]").fill("alice")
    page.locator("[name=password]").fill("lantern-orbit-cactus-42")


def begins(page: Page) -> None:
    credentials(page)
    press(page)
    expect(page.locator("[name=password]")).to_have_count(0)


def _to_code(page: Page) -> None:
    begins(page)
    press(page)
    expect(page.locator("[name=code]")).to_be_visible()
    page.locator("summary").click()


def _to_element(page: Page) -> None:
    _to_code(page)
    page.locator("[name=code]").fill("493817")
    press(page)
    expect(page.locator(".choice").first).to_be_visible()


def _to_pin(page: Page) -> None:
    _to_element(page)
    page.locator(".choice").last.click()
    page.locator("[name=pin]").fill("48a7")
    page.locator("[name=again]").fill("48a8")
    press(page)
    expect(page.locator(".note--danger")).to_be_visible()


def _to_end(page: Page) -> None:
    _to_element(page)
    page.locator(".choice").last.click()
    page.locator("[name=pin]").fill("48a7")
    page.locator("[name=again]").fill("48a7")
    press(page)
    expect(page.locator(".screen--good")).to_be_visible()


def activating(then: Callable[[Page], None], **facts: Any) -> Callable[[Page], None]:
    """Alice activates, up to some step."""

    def answers() -> Answers:
        sent = {"reference": "KDM", "next_at": timezone.now().isoformat(), "sends_left": 4}
        made = row() | {"secret": "A" * 43}
        confirmed = {"active": True, "replaced": True}
        return Answers(activations=activation(**facts), code=sent, finish=made, confirm=confirmed)

    return shown(answers=answers, to="#add", then=then)


def _with_biometrics(act: Callable[[Page], None]) -> Callable[[Page], None]:
    """On a phone that verifies its owner."""

    def run(page: Page) -> None:
        Authenticator(page, prf=True)
        act(page)

    return run


def _challenge(page: Page) -> None:
    for digit in "492817":
        page.locator(".keypad__key", has_text=digit).click()
    page.locator("[name=pin]").fill("48a7")


def _response(page: Page) -> None:
    _challenge(page)
    page.locator("button:not([type=button])").click()
    expect(page.locator(".response")).to_be_visible()


def _offline(page: Page) -> None:
    expect(page.locator(".note--notice")).to_be_visible()


class _Away(Answers):
    def _answer(self, route: Route) -> None:
        route.abort()


def gone(word: str) -> Callable[[], Answers]:
    return lambda: Answers(state=(410, _problem(word)))


_ACTS: dict[str, Callable[[Page], None]] = {
    "empty": shown(),
    "home": shown(row(), row("carol"), row("bob", state="replaced")),
    "offline": shown(row(), answers=_Away, then=_offline),
    "settings": shown(row(), to="#settings"),
    "user": shown(row(), to="#user/d-alice"),
    "user-push": shown(
        row(push=True), answers=lambda: Answers(state=state(push=True)), to="#user/d-alice"
    ),
    "pin": shown(row(), to="#pin/d-alice"),
    "remove": shown(row(), to="#remove/d-alice"),
    "pending": shown(row(state="pending"), to="#user/d-alice"),
    "replaced": shown(row(state="replaced"), to="#user/d-alice"),
    "removed": shown(row(state="removed"), to="#user/d-alice"),
    "suspended": shown(row(state="suspended"), answers=gone("suspended"), to="#user/d-alice"),
    "stopped": shown(row(state="stopped"), answers=gone("stopped"), to="#user/d-alice"),
    "unknown": shown(
        row(state="unknown"),
        answers=lambda: Answers(state=(401, _problem("signature"))),
        to="#user/d-alice",
    ),
    "add": shown(to="#add"),
    "migrate": shown(to="#add/migrate"),
    "again": shown(to="#add/again"),
    "session": shown(to="#add/session"),
    "credentials": activating(credentials),
    "replaces": activating(begins, migrates=True),
    "number": activating(begins),
    "card": activating(begins, needs="response", challenge="492817"),
    "code": activating(_to_code),
    "element": activating(_to_element),
    "element-biometrics": _with_biometrics(activating(_to_element)),
    "choose-pin": activating(_to_pin),
    "added": activating(_to_end),
    "approve": shown(row(), answers=asked(), then=waits),
    "refuse": shown(row(), answers=asked(), then=_refuses),
    "not-me": shown(
        row(),
        answers=lambda: Answers(
            state=state(approval=approval()),
            refuse={"state": "refused", "freeze_url": "/not-me/"},
        ),
        then=_not_me,
    ),
    "approved": decided("approved"),
    "digits": decided("digits", 422),
    "expired": decided("expired"),
    "superseded": decided("superseded"),
    "used": decided("used"),
    "which-user": shown(row(), row("carol"), to="#code"),
    "challenge": shown(row(), to="#code/d-alice", then=_challenge),
    "challenge-biometrics": shown(row(element="biometrics"), to="#code/d-alice"),
    "response": shown(row(), to="#code/d-alice", then=_response),
}

SCENES = [Scene(f"ibkey-{name}", "ibkey", at("/ibkey/"), act=act) for name, act in _ACTS.items()]
