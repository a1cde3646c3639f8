"""Alice makes a passkey, and signs in with it: as the second factor, and alone."""

import pytest
from playwright.sync_api import expect

from accounts.sessions.models import Session
from sls.methods.passkey.models import PasskeyDevice
from tests.cast import PASSWORD
from tests.journeys.authenticator import Authenticator
from tests.journeys.person import Person
from tests.passkey_authenticator import Passkey, enrolled
from tests.waiting import wait_until

ALICE = "+14155550101"
SLS = "/settings/security/sls/"


@pytest.fixture
def key(person) -> Authenticator:
    """What lies in the person's browser."""
    return Authenticator(person.page)


@pytest.fixture
def alices(person, key, alice) -> Person:
    """Alice's browser, with a passkey of hers."""
    passkey = Passkey()
    enrolled(alice, passkey, name="Passkey on Linux, November 2026")
    key.holds(passkey)
    return person


@pytest.fixture
def made(person, key, alice, settings) -> Person:
    """Alice's browser, in which she has made a passkey, and has logged off."""
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    person.give_password("alice")
    person.give_code(person.read_code(ALICE))
    person.is_in()
    make(person)
    person.press("Log off")
    person.sees("You are logged off", "h1")
    return person


def make(person: Person) -> None:
    person.open(SLS)
    person.press("Add – Passkey")
    person.fill(password=PASSWORD)
    person.press("Continue")
    person.give_code(person.read_code(ALICE, count=2))
    person.press("Confirm")
    person.sees("Make a passkey", "h1")
    person.press("Make a passkey")
    person.sees("It is added", "h1")


def test_a_passkey_is_made_in_settings_and_listed(made, key):
    [credential] = key.credentials()
    device = PasskeyDevice.objects.get()
    assert device.confirmed
    assert device.name.startswith("Passkey on Linux, ")
    assert credential["isResidentCredential"]


def choose(person: Person, key: Authenticator) -> None:
    """Password and passkey, which is not touched before its page asks for it."""
    key.waits()
    person.give_password("alice")
    person.page.get_by_label("Passkey on Linux").check()
    person.press("Continue")
    person.sees("Use your passkey", "h1")
    key.waits(False)


def test_a_passkey_is_the_second_factor(alices, key):
    choose(alices, key)
    alices.press("Use your passkey")
    alices.is_in()
    assert Session.objects.latest("opened_at").method == "passkey"


def test_a_passkey_is_offered_for_the_name_and_signs_in(alices):
    """Headless Chromium shows no suggestions; its authenticator takes the first."""
    alices.open("/login/?next=/settings/")
    # Where the button stands, the page is awake.
    expect(alices.page.get_by_role("button", name="Sign in with a passkey")).to_be_visible()
    alices.page.locator("[name=username]").hover()
    alices.is_at("/settings/")
    assert Session.objects.latest("opened_at").method == "passkey"


def test_a_passkey_signs_in_alone_and_leads_where_the_person_wanted(alices):
    alices.open("/settings/")
    alices.is_at("/login/?next=/settings/")
    enter(alices)
    alices.is_at("/settings/")
    alices.sees("Alice Example", ".frame__who")
    assert Session.objects.latest("opened_at").method == "passkey"


def test_who_is_not_recognised_is_told_and_may_try_again(alices, key):
    choose(alices, key)
    key.refuses()
    alices.press("Use your passkey")
    alices.sees("Your passkey was not used.", "[role=alert]")
    key.refuses(False)
    alices.press("Use your passkey")
    alices.is_in()


def test_who_is_not_recognised_alone_signs_in_by_password(alices, key):
    alices.open("/login/")
    key.refuses()
    alices.press("Sign in with a passkey")
    alices.sees("No passkey was used.", "[role=alert]")
    alices.is_at("/login/")
    alices.give_password("alice")
    alices.sees("Choose how to sign in", "h1")


def test_a_passkey_that_was_revoked_opens_nothing(alices):
    PasskeyDevice.objects.update(confirmed=False, public_key=None, revoked_at="2026-01-01T00:00Z")
    alices.open("/login/")
    alices.press("Sign in with a passkey")
    alices.sees("That passkey could not sign you in.", "#error-summary")


def test_a_second_one_on_the_same_device_is_not_made(alices, key):
    alices.open("/login/")
    enter(alices)
    alices.is_in()
    alices.open(SLS)
    alices.press("Add – Passkey")
    alices.fill(password=PASSWORD)
    alices.press("Continue")
    alices.press("Use your passkey")
    alices.press("Confirm")
    alices.press("Make a passkey")
    alices.sees("There is a passkey of yours on this device already.", "[role=alert]")
    assert len(key.credentials()) == 1


def test_a_passkey_proves_a_change_of_contact(alices):
    alices.open("/login/")
    enter(alices)
    alices.is_in()
    alices.open("/settings/communication/emails/")
    alices.fill(email="alice.meadows@example.org")
    alices.press("Continue")
    alices.fill(password=PASSWORD)
    alices.press("Continue")
    alices.press("Use your passkey")
    alices.sees("Add the e-mail address alice.meadows@example.org", "h1")
    alices.press("Confirm")
    alices.sees("alice.meadows@example.org")


def enter(person: Person) -> None:
    """The button by the keyboard: the first key is a sign too, and both ask one after the other."""
    person.page.get_by_role("button", name="Sign in with a passkey").press("Enter")


WATCH = """() => {
  window.asked = [];
  const get = navigator.credentials.get.bind(navigator.credentials);
  navigator.credentials.get = (options) => {
    const { mediation, publicKey, signal } = options;
    const one = { mediation, bytes: publicKey.challenge.length, aborted: false };
    signal.addEventListener("abort", () => { one.aborted = sessionStorage.aborted = true; });
    window.asked.push(one);
    return get(options);
  };
}"""


def requests(person: Person, count: int) -> list[dict]:
    """What the page has asked the browser for, once it is ``count`` times."""

    def made() -> list[dict] | None:
        found = person.page.evaluate("asked")
        return found if len(found) == count else None

    return wait_until(made)


def test_passkeys_wait_among_the_suggestions_once_somebody_is_there(person, key, alice):
    key.waits()
    person.page.add_init_script(f"({WATCH})()")
    person.open("/login/")
    name = person.page.locator("[name=username]")
    expect(name).to_have_attribute("autocomplete", "username webauthn")
    expect(person.page.get_by_role("button", name="Sign in with a passkey")).to_be_visible()
    assert person.page.evaluate("asked") == []
    name.click()
    first = {"mediation": "conditional", "bytes": 32, "aborted": False}
    assert requests(person, 1) == [first]
    # The button takes its place: a browser answers one request at a time.
    person.press("Sign in with a passkey")
    [before, after] = requests(person, 2)
    assert (before["aborted"], after["aborted"]) == (True, False)
    assert after["mediation"] is None


def test_a_request_ends_with_its_page(alices, key):
    choose(alices, key)
    key.waits()
    alices.page.evaluate(WATCH)
    alices.press("Use your passkey")
    requests(alices, 1)
    alices.open("/help/")
    assert alices.page.evaluate("sessionStorage.aborted") == "true"


def test_without_script_the_page_says_so(new_person, alice):
    enrolled(alice, Passkey(), "Passkey on Pixel 9")
    person = new_person(java_script_enabled=False)
    person.open("/login/")
    expect(person.page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    person.give_password("alice")
    person.page.get_by_label("Passkey on Pixel 9").check()
    person.press("Continue")
    person.sees("Passkeys need JavaScript")
    expect(person.page.get_by_role("button", name="Use your passkey")).to_be_hidden()
