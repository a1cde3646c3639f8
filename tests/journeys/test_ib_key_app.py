"""The IB Key app on a phone: activate, approve, refuse, answer without a network, and what happens
when clock, storage, network or a second window get in the way."""

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.cast import PASSWORD
from tests.journeys.authenticator import Authenticator
from tests.journeys.ib_key_phone import PHONE, PIN, Phone
from tests.journeys.ib_key_server import CODE, SESSION_ID, KeyServer
from tests.waiting import wait_until

STATE = "**/api/v1/ib-key/state"


@pytest.fixture
def server(live_server) -> KeyServer:
    return KeyServer(live_server.url)


@pytest.fixture
def phone(new_context, live_server, server) -> Phone:
    context = new_context(**PHONE)
    server.serve(context)
    return Phone(context, live_server.url)


@pytest.fixture
def active(phone, server) -> Phone:
    phone.activate()
    return phone


def is_served_by_worker(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    wait_until(lambda: page.evaluate("navigator.serviceWorker.controller !== null"))


# Activate


def test_activates_with_a_code_and_a_pin(active, server, axe):
    assert (server.phone.state, server.phone.pin) == ("active", PIN)
    assert active.kept() == [{"device": "d1", "state": "active", "secrets": 3, "leaks": 0}]
    axe(active.page)


def test_activates_with_a_session_id_and_biometrics_and_answers_a_challenge(phone, server):
    key = Authenticator(phone.page, prf=True)
    phone.open(f"#activate={SESSION_ID}")
    assert SESSION_ID not in phone.page.url
    phone.press("Continue")
    phone.choose("Face ID")
    phone.sees("IB Key is active")
    assert len(key.credentials()) == 1
    # The key of the secret comes out of the authenticator: none is kept.
    assert phone.kept() == [{"device": "d1", "state": "active", "secrets": 2, "leaks": 0}]
    phone.press("Done")
    phone.press("Generate Code")
    phone.types_challenge("492817")
    phone.press("Generate Passcode")
    assert phone.response() == server.phone.response("492817")


def test_biometrics_without_the_prf_extension_still_have_to_verify(phone, server):
    key = Authenticator(phone.page)
    phone.open(f"#activate={SESSION_ID}")
    phone.press("Continue")
    phone.choose("Face ID")
    phone.press("Done")
    phone.press("Generate Code")
    phone.types_challenge("000042")
    key.refuses()
    phone.press("Generate Passcode")
    expect(phone.page.get_by_role("alert")).to_contain_text("did not confirm that it is you")
    expect(phone.page.locator(".response")).to_have_count(0)
    key.refuses(False)
    phone.press("Generate Passcode")
    assert phone.response() == server.phone.response("000042")


def test_a_wrong_code_leads_back_to_the_code(phone, server):
    phone.open("#add")
    phone.give_password()
    phone.give_code("111111")
    phone.give_pin()
    expect(phone.page.locator(".note--danger")).to_contain_text("Tries left: 4")
    phone.fill(code=CODE)
    phone.press("Activate")
    phone.give_pin()
    phone.sees("IB Key is active")
    assert len(server.devices) == 1


def test_a_wrong_password_is_one_sentence(phone, server):
    phone.open("#add")
    phone.press("Continue")
    phone.fill(username="alice", password="wrong")
    phone.press("Continue")
    expect(phone.page.get_by_role("alert")).to_contain_text("do not match")


def test_another_phone_is_given_up_knowingly(phone, server):
    server.migrates = True
    phone.open("#add/migrate")
    phone.press("Continue")
    phone.fill(username="alice", password=PASSWORD)
    phone.press("Login")
    phone.sees("Migrate IB Key to this phone?")
    phone.press("Migrate IB Key")
    phone.give_code()
    phone.give_pin()
    expect(phone.page.locator(".note")).to_contain_text("The phone of before")


# Interrupted


def test_an_activation_goes_on_where_it_was_interrupted(phone, server):
    phone.open("#add")
    phone.give_password()
    phone.press("Get Activation Code")
    expect(phone.page.locator("[name=code]")).to_be_visible()
    phone.page.close()
    phone.page = phone.context.new_page()
    phone.open()
    phone.press("Go on")
    phone.fill(code=CODE)
    phone.press("Activate")
    phone.give_pin()
    phone.sees("IB Key is active")
    assert server.calls["activations"] == 1


def test_a_phone_whose_last_step_was_lost_finishes_it_later(phone, server):
    server.lost = "confirm"
    phone.open("#add")
    phone.give_password()
    phone.give_code()
    phone.give_pin()
    expect(phone.page.locator(".note--danger")).to_contain_text("No answer came")
    phone.open("#home")
    phone.page.reload()
    phone.choose("alice")
    phone.sees("One step is missing")
    phone.fill(pin=PIN)
    phone.press("Finish")
    phone.sees("Ready")
    assert server.phone.state == "active"


def test_an_activation_whose_answer_was_lost_begins_anew_and_leaves_nothing(phone, server):
    server.lost = "finish"
    phone.open("#add")
    phone.give_password()
    phone.give_code()
    phone.give_pin()
    expect(phone.page.locator(".note--danger")).to_contain_text("No answer came")
    assert phone.kept() == []


# Approve and refuse


def test_a_request_shows_itself_and_is_approved_with_the_digits(active, server, axe):
    server.ask()
    active.sees("Sign in")
    wait_until(lambda: active.page.evaluate("true") and server.seen == ["p1"])
    axe(active.page)
    active.fill(digits=server.digits, pin=PIN)
    active.press("Approve")
    active.sees("Approved")
    assert len(server.approved) == 1
    active.press("Done")
    active.sees("Ready")


def test_an_approval_whose_answer_was_lost_is_asked_for_again_with_the_same_signature(
    active, server
):
    server.ask()
    server.lost = "approve"
    active.fill(digits=server.digits, pin=PIN)
    active.press("Approve")
    active.sees("Approved")
    assert (server.calls["approve"], len(server.approved)) == (2, 1)


def test_wrong_digits_end_the_request(active, server):
    server.ask()
    active.fill(digits="999", pin=PIN)
    active.press("Approve")
    active.sees("The digits did not match")
    assert not server.approved


def test_refuse_comes_first_and_asks_why(active, server):
    server.ask()
    active.page.locator("[name=digits]").focus()
    active.page.keyboard.press("Tab")  # to the PIN
    active.page.keyboard.press("Tab")
    expect(active.page.locator(":focus")).to_have_text("Refuse")
    boxes = [one.bounding_box() for one in active.page.locator(".pair--decide .button").all()]
    assert {(round(box["width"]), round(box["height"])) for box in boxes} == {(165, 64)}
    active.press("Refuse")
    active.choose("This was not me")
    active.sees("Refused. Now close the door")
    freeze = active.page.get_by_role("link", name="Freeze my access")
    expect(freeze).to_have_attribute("href", "/not-me/")
    assert server.refused == {"p1": "not_me"}


@pytest.mark.parametrize(
    ("state", "heading"),
    [("expired", "The request is over"), ("approved", "Already answered")],
)
def test_a_request_that_ends_elsewhere_says_so(active, server, state, heading):
    server.ask()
    active.sees("Sign in")
    server.end(state)
    active.sees(heading)


def test_a_newer_request_takes_the_place_of_the_older(active, server):
    server.ask(1)
    active.sees("Sign in")
    server.ask(2, action="Change of address")
    active.sees("A newer request took its place")
    active.press("Done")
    active.sees("Change of address")


# Without a network


def test_starts_and_answers_without_a_network(active, server):
    is_served_by_worker(active.page)
    active.context.set_offline(True)
    active.page.close()
    active.page = active.context.new_page()
    active.open()
    active.sees("Ready")
    ready = active.page.evaluate("performance.now()")
    active.press("Generate Code")
    active.types_challenge("314159")
    active.fill(pin=PIN)
    active.press("Generate Passcode")
    assert active.response() == server.phone.response("314159")
    assert ready < 1000


def test_a_wrong_pin_gives_a_response_too_so_that_a_thief_learns_nothing(active, server):
    active.press("Generate Code")
    active.types_challenge("314159")
    active.fill(pin="9999")
    active.press("Generate Passcode")
    assert active.response() != server.phone.response("314159")


# What gets in the way


def test_a_clock_that_is_wrong_by_a_day_is_corrected(active, server):
    server.ahead = 86_400
    server.ask()
    active.sees("Sign in")
    expect(active.page.locator(".countdown__words")).to_contain_text(re.compile("2:[45]"))
    active.fill(digits=server.digits, pin=PIN)
    active.press("Approve")
    active.sees("Approved")


@pytest.mark.parametrize(
    ("state", "heading", "secrets"),
    [
        ("replaced", "This phone was replaced", 0),
        ("removed", "IB Key was removed", 0),
        ("suspended", "IB Key is suspended", 3),
        ("unknown", "This phone is not known", 3),
    ],
)
def test_a_user_gone_on_the_server_is_gone_here(active, server, state, heading, secrets):
    server.phone.state = state
    expect(active.page.locator(f".state--{state}")).to_be_visible()
    assert [row["secrets"] for row in active.kept()] == [secrets]
    active.choose("alice")
    active.sees(heading)


def test_storage_that_was_wiped_leads_to_the_beginning(active, server):
    wipe = """() => new Promise((done) => {
      const request = indexedDB.deleteDatabase("ibkey");
      request.onsuccess = request.onerror = done;
    })"""
    active.page.evaluate(wipe)
    active.sees("Your phone, your key")


def test_only_one_window_runs(active, server):
    second = active.context.new_page()
    second.goto(f"{active.base}/ibkey/")
    expect(second.locator("h1")).to_have_text("IB Key is open in another window")
    second.get_by_role("button", name="Use it here").click()
    expect(second.locator("h1")).to_have_text("Ready")
    active.sees("IB Key is open in another window")


def test_a_second_user_comes_onto_the_phone_and_one_goes(active, server):
    server.username = "carol"
    active.press("Add User")
    active.give_password("carol")
    active.give_code()
    active.give_pin()
    active.press("Done")
    expect(active.page.locator(".choice strong")).to_have_text(["alice", "carol"])
    active.choose("carol")
    active.choose("Remove from this phone")
    active.press("Remove")
    expect(active.page.locator(".choice strong")).to_have_text(["alice"])
    assert [one.state for one in server.devices.values()] == ["active", "removed"]


def test_an_answer_that_comes_late_brings_nobody_back(active):
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    with active.page.expect_request(STATE):
        active.page.route(STATE, hold)
    active.choose("alice")
    active.choose("Remove from this phone")
    active.press("Remove")
    active.sees("Your phone, your key")
    with active.page.expect_response(STATE) as late:
        held[0].fallback()
    late.value.finished()
    assert active.kept() == []
    active.sees("Your phone, your key")


def test_the_pin_is_changed_with_the_old_one(active, server):
    active.choose("alice")
    active.choose("Change PIN")
    active.fill(old="1111", fresh="77x7", again="77x7")
    active.press("Change PIN")
    expect(active.page.get_by_role("alert")).to_contain_text("did not match")
    active.fill(old=PIN)
    active.press("Change PIN")
    expect(active.page.locator(".note--good")).to_contain_text("The PIN is changed")
    assert server.phone.pin == "77x7"


def test_the_phone_gets_another_name(active, server):
    active.choose("alice")
    active.fill(name="Phone of the shop")
    active.press("Save the name")
    expect(active.page.locator(".note--good")).to_contain_text("saved")
    assert server.phone.name == "Phone of the shop"


def test_speaks_japanese_at_once_and_the_next_time(active, server):
    active.press("Settings")
    active.page.get_by_role("radio", name="日本語").check()
    active.sees("設定")
    active.open("#home")
    active.page.reload()
    active.sees("準備完了")
    expect(active.page.locator("html")).to_have_attribute("lang", "ja")


# Notifications


def test_a_push_is_shown_by_the_service_worker(active, server):
    is_served_by_worker(active.page)
    session = active.context.new_cdp_session(active.page)
    found: list[dict] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    wait_until(lambda: active.page.evaluate("true") and found)
    # The browser of the tests shows nothing itself: what it is asked to show is kept.
    [worker] = active.context.service_workers
    worker.evaluate("""() => {
      self.shown = [];
      self.registration.showNotification = async (title, {body, tag}) => {
        self.shown.push([title, body, tag]);
      };
    }""")
    for data in (
        json.dumps({"kind": "approval", "id": "p1", "text": "A sign-in waits for you"}),
        json.dumps({"kind": "alert", "id": "7", "text": "A new device signed in"}),
        "no JSON",
    ):
        registration = {"origin": active.base, "registrationId": found[-1]["registrationId"]}
        session.send("ServiceWorker.deliverPushMessage", registration | {"data": data})
    wait_until(lambda: len(worker.evaluate("self.shown")) == 3)
    assert worker.evaluate("self.shown") == [
        ["IB Key", "A sign-in waits for you", "approval"],
        ["IB Key", "A new device signed in", "alert-7"],
        ["IB Key", "IB Key", "alert-"],
    ]
