"""What IB Key asks of the database: a call of the phone, and the steps of a sign-in (SPEED G4)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from accounts.challenges.models import Challenge
from accounts.origin import SYSTEM
from accounts.outbox.hooks import taking
from sls.methods.ib_key.activations import session_for
from sls.methods.ib_key.models import IbKeyDevice, Push
from sls.methods.sms.models import PhoneDevice
from tests.bench.counts import SQL, TRIPS, Cost, measured
from tests.cast import PASSWORD, app_device, card_device, code_for, response
from tests.phones import PIN, Phone, activated
from tests.push_service import Subscriber

pytestmark = pytest.mark.django_db
MOST = 8
# As a sign-in by text message, and two more where the phone is asked (its row, its last requests)
# and where it has answered (the request, before and under the lock).
MAY = {**SQL, "page": 4}


@pytest.fixture(autouse=True)
def _local_push_service(settings) -> None:
    settings.IB_KEY_PUSH_HOSTS = ["localhost"]


@pytest.fixture(autouse=True)
def _webhooks_known(db) -> None:
    """A process reads once every few seconds whom it tells of events."""
    assert taking.those_for("session.ended") == []


@pytest.fixture
def cost() -> dict[str, Cost]:
    return {}


@pytest.fixture
def step(cost) -> Callable[..., Any]:
    """Does a step, counts it, and expects its status."""

    def run(name: str, request: Callable[[], HttpResponse], status: int = 200) -> HttpResponse:
        answer, cost[name] = measured(request)
        assert answer.status_code == status, f"{name}: {answer.status_code}"
        return answer

    return run


def chosen(tab: Client, phone: Phone) -> str:
    """A sign-in by IB Key that waits; returns its address."""
    tab.cookies.pop("sid", None)
    url = tab.post("/login/", {"username": "alice", "password": PASSWORD})["Location"]
    tab.post(f"{url}method/", {"device": phone.row().persistent_id})
    return url


def test_no_call_of_a_phone_asks_for_more_than_eight_statements(alice, step, cost):
    phone = Phone(pin=PIN)
    told = {"username": "alice", "password": PASSWORD}
    begun = step("begin", lambda: phone.post("activations", told), 201).json()
    way, number = begun["activation"], {"number": begun["numbers"][0]["id"]}
    step("code", lambda: phone.post(f"activations/{way}/code", number), 202)
    code = code_for(alice)
    step("finish", lambda: phone.finish(way, code=code), 201)
    step("confirm", phone.confirm)
    step("push-key", lambda: phone.post("push-key", {}))
    where = {"subscription": Subscriber().subscription("http://localhost:1/x")}
    step("push", lambda: phone.call("push", where))
    step("push again", lambda: phone.call("push", where))
    step("test", lambda: phone.call("test"))
    step("received", lambda: phone.call("received"))
    chosen(Client(), phone)
    waits = step("state", lambda: phone.call("state")).json()["approval"]
    step("seen", lambda: phone.call(f"approvals/{waits['id']}/seen"))
    digits = Push.objects.get().shown()
    step("approve", lambda: phone.approve(waits, digits))
    chosen(Client(), phone)
    waits = phone.waits()
    step("refuse", lambda: phone.refuse(waits, "not_me"))
    question = step("question", lambda: phone.call("pin/question")).json()["question"]
    changed = {"response": phone.respond(question), "pin": "b4cd"}
    step("pin", lambda: phone.call("pin", changed))
    step("rename", lambda: phone.call("rename", {"name": "Another"}))
    app_device(alice)
    step("remove", lambda: phone.call("remove"))
    assert_few(cost)


def assert_few(cost: dict[str, Cost]) -> None:
    asked = {name: len(one.sql) for name, one in cost.items()}
    assert {name: n for name, n in asked.items() if n > MOST} == {}
    assert max(len(one.trips) for one in cost.values()) <= TRIPS


def signed_in(phone: Phone) -> None:
    """A session that stands on the phone."""
    tab = Client()
    url = chosen(tab, phone)
    assert (
        phone.approve(phone.waits(), Push.objects.latest("created_at").shown()).status_code == 200
    )
    assert tab.post(f"{url}answer/", {"code": "approved"}).status_code == 302


def test_nor_does_one_that_ends_all_that_stands_on_a_phone(alice, step, cost):
    old, new = activated(alice), Phone(pin=PIN)
    old.call("push", {"subscription": Subscriber().subscription("http://localhost:1/x")})
    signed_in(old)
    chosen(Client(), old)
    session_id = session_for(user_id=alice.pk, origin=SYSTEM)
    begun = step("claim", lambda: new.post("activations", {"session_id": session_id}), 201)
    step("finish", lambda: new.finish(begun.json()["activation"]), 201)
    assert step("migrate", new.confirm).json()["replaced"] is True
    app_device(alice)
    new.call("push", {"subscription": Subscriber().subscription("http://localhost:1/y")})
    signed_in(new)
    step("remove", lambda: new.call("remove"))
    assert_few(cost)


def test_nor_does_one_that_is_refused(alice, step, cost):
    phone = activated(alice, pin=PIN)
    chosen(Client(), phone)
    waits, digits = phone.waits(), Push.objects.get().shown()
    IbKeyDevice.objects.update(failures=settings.IB_KEY_FAILURES - 2)
    other = "111" if digits != "111" else "112"
    step("other digits", lambda: phone.approve(waits, other), 422)
    question = phone.call("pin/question").json()["question"]
    wrong = {"response": phone.respond(question, pin="0000"), "pin": "b4cd"}
    step("wrong pin", lambda: phone.call("pin", wrong), 422)
    question = phone.call("pin/question").json()["question"]
    wrong = {"response": phone.respond(question, pin="0000"), "pin": "b4cd"}
    step("suspended", lambda: phone.call("pin", wrong), 422)
    assert phone.row().disabled_at is not None
    told = {"username": "alice", "password": "another one"}
    step("begin", lambda: phone.post("activations", told), 401)
    begun = phone.post("activations", {"username": "alice", "password": PASSWORD}).json()
    way, number = begun["activation"], {"number": begun["numbers"][0]["id"]}
    phone.post(f"activations/{way}/code", number)
    step("wrong code", lambda: phone.finish(way, code="000000"), 422)
    assert_few(cost)


def test_nor_does_one_by_which_a_card_proves(alice, step, cost):
    card_device(alice)
    phone, told = Phone(pin=PIN), {"username": "alice", "password": PASSWORD}
    begun = step("begin", lambda: phone.post("activations", told), 201).json()
    answer = response(Challenge.objects.get())
    step("finish", lambda: phone.finish(begun["activation"], response=answer), 201)
    assert_few(cost)


def test_a_sign_in_by_phone_costs_what_one_by_text_message_may(alice, step, cost):
    phone = activated(alice)
    phone.call("push", {"subscription": Subscriber().subscription("http://localhost:1/x")})
    tab = Client()
    # The second time this browser is known, and the phone, the only way, is asked at once.
    url = chosen(tab, phone)
    phone.approve(phone.waits(), Push.objects.get().shown())
    assert tab.post(f"{url}answer/", {"code": "approved"})["Location"] == "/"
    tab.cookies.pop("sid")
    PhoneDevice.objects.all().delete()
    step("form", lambda: tab.get("/login/"))
    told = {"username": "alice", "password": PASSWORD}
    url = step("password", lambda: tab.post("/login/", told), 302)["Location"]
    assert Push.objects.count() == 2
    push = Push.objects.latest("created_at")
    step("page", lambda: tab.get(url))
    step("status", lambda: tab.get(f"/ib-key/pushes/{push.pk}/"))
    phone.approve(phone.waits(), push.shown())
    step("code", lambda: tab.post(f"{url}answer/", {"code": "approved"}), 302)
    step("landing", lambda: tab.get("/"))
    assert {name: len(one.sql) for name, one in cost.items() if len(one.sql) > MAY[name]} == {}
    assert max(len(one.trips) for one in cost.values()) <= TRIPS
