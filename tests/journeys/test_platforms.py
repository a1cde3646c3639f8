"""Every platform over real HTTP: lists of addresses, withdrawals, and traders who were removed."""

import hashlib
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from accounts.challenges.models import Challenge
from accounts.client_accounts.models import Membership
from accounts.client_accounts.people import remove
from accounts.holds.models import Hold
from accounts.origin import SYSTEM
from accounts.outbox.models import Message
from accounts.sessions.models import End, Session
from sls.methods import registry
from tests import programs
from tests.accounts.ip_restrictions.lists import restrict
from tests.bench.browser import Browser
from tests.cast import PASSWORD, card_device, response
from tests.platforms import PLATFORMS, Platform

TOKEN, IBAN = "service-token-of-the-journey", "DE89 3704 0044 0532 0130 00"
ELSEWHERE = "203.0.113.7"  # listed, and nobody's here
pytestmark = pytest.mark.django_db(transaction=True)


class Answer:
    """An answer from the wire, as tests read one of Django's."""

    def __init__(self, answer: requests.Response) -> None:
        self.status_code, self.content = answer.status_code, answer.content
        self.json = answer.json
        self._headers = answer.headers

    def __getitem__(self, name: str) -> str:
        return self._headers[name]


class Wire:
    """What a platform calls with, in the place of Django's client: a socket."""

    def __init__(self, base: str) -> None:
        self.base = base

    def generic(self, method: str, path: str, data: str = "", **sent: Any) -> Answer:
        headers = dict(sent.get("headers") or {})
        if data:
            headers["Content-Type"] = sent["content_type"]
        return Answer(
            requests.request(method, self.base + path, data=data, headers=headers, timeout=60)
        )


@pytest.fixture
def over_http(stack, live_server):
    """Makes a platform that speaks HTTP."""
    return lambda name="tws": Platform(name, client=Wire(live_server.url))


@pytest.mark.parametrize("name", PLATFORMS)
def test_an_address_that_is_not_listed_is_refused_on_every_platform(alice, over_http, name):
    platform = over_http(name)
    platform.sign_in()
    restrict(alice, ELSEWHERE)
    shut = platform.session()
    assert shut.status_code == 403
    assert shut.json()["type"].endswith("/problems/address")
    assert Session.objects.get().ended_why == End.ADDRESS
    assert platform.session().status_code == 401
    step = over_http(name).begin().json()["step"]
    assert (step["kind"], step["reason"]) == ("refused", "address")
    assert not Session.objects.filter(ended_at=None).exists()


def decide(base: str, session: Session, **changed: str) -> dict[str, Any]:
    body = {"session": session.key[:12], "action": "withdraw", "account": "U1000001"}
    body |= {"amount": "300000.00", "destination": IBAN} | changed
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    answer = requests.post(
        f"{base}/api/v1/decisions", data=json.dumps(body), headers=headers, timeout=60
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def newest() -> Challenge:
    return Challenge.objects.latest("created_at")


def test_a_withdrawal_above_the_limit_is_proven_by_card_for_its_amount_alone(
    alice, over_http, live_server, settings
):
    settings.SERVICE_TOKENS = [f"payments:{hashlib.sha256(TOKEN.encode()).hexdigest()}"]
    card_device(alice)
    phone = over_http("mobile_ios")
    phone.begin()
    phone.choose("sms")
    assert phone.answer(newest().code())["kind"] == "done"
    Message.objects.all().delete()
    Hold.objects.all().delete()
    session, base = Session.objects.get(), live_server.url
    told = decide(base, session)
    assert (told["outcome"], told["methods"]) == ("needs_step_up", ["dsc_plus"])
    path = urlsplit(told["prove_at"]).path

    browser = Browser(live_server.thread.port)
    browser.base = base
    browser.get("/login/")
    attempt = browser.post("/login/", username="alice", password=PASSWORD).location
    browser.get(attempt)
    card = next(one for one in registry.devices(alice.pk) if one.method == "dsc_plus")
    browser.post(f"{attempt}method/", device=card.id)
    browser.get(attempt)
    browser.post(f"{attempt}answer/", code=response(newest()))
    browser.get(path)
    step = browser.post(path).location
    page = browser.get(step).text
    assert "300,000.00" in page
    assert IBAN in page
    browser.post(step, password=PASSWORD)
    proven = browser.post(f"{step}answer/", code=response(newest())).location
    assert "300,000.00" in browser.get(proven).text
    browser.post(path)

    assert decide(base, session, amount="300000.01")["outcome"] == "needs_step_up"
    assert decide(base, session, destination="DE02 1203 0000")["outcome"] == "needs_step_up"
    assert decide(base, session)["outcome"] == "allowed"
    assert decide(base, session)["outcome"] == "needs_step_up"


def test_the_tokens_of_a_removed_trader_are_refused(alice, carol, over_http, live_server):
    platform = over_http()
    platform.sign_in("carol")
    token = programs.issue(carol)

    def account() -> int:
        headers = {"Authorization": f"Bearer {token.text}"}
        return requests.get(
            f"{live_server.url}/api/v1/account", headers=headers, timeout=60
        ).status_code

    assert (platform.session().status_code, account()) == (200, 200)
    remove(membership=Membership.objects.get(user=carol), by=alice.pk, origin=SYSTEM)
    assert platform.session().status_code == 401
    assert account() in (401, 403)
