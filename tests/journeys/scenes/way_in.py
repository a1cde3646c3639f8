"""On the way in, and a new client."""

from collections.abc import Callable

from django.utils import timezone
from playwright.sync_api import Page

from accounts.challenges.models import Challenge
from accounts.contacts.models import PhoneNumber
from accounts.users.models import User
from tests import abroad, cast
from tests.attacks.tools import other_than
from tests.journeys import password_pages
from tests.journeys.card_stage import (
    card_over,
    card_page,
)
from tests.journeys.scenes.scene import (
    Scene,
    at,
    cancelled,
    signed_in,
    submit,
)
from tests.journeys.stage import Stage


def code_page(*state: object, channel: str = "sms") -> Callable[[Stage], str]:
    """Alice at the code page, and what became of the message."""

    def way(stage: Stage) -> str:
        url = stage.code_page()
        if channel == "voice":
            stage.ago(seconds=40)
            stage.post(f"{url}resend/", delivery="voice")
        if state:
            stage.is_now(*state)
        return url

    return way


def wrong_code(page: Page) -> None:
    """Types a code that is not right."""
    code = Challenge.objects.latest("created_at").code()
    submit(page, code=other_than(code))


def expired(stage: Stage) -> str:
    url = stage.code_page()
    stage.ago(seconds=90)
    stage.expire()
    return url


def stopped(stage: Stage) -> str:
    user = stage.alice()
    PhoneNumber.objects.update(opted_out_at=timezone.now())
    return cast.begin(stage.client, user.username)


def enrolling(stage: Stage) -> str:
    return stage.post(stage.password_page(), password="copper-violin-harvest-88")


def opened(page: Page) -> None:
    """Opens "Didn't receive a security code?"."""
    page.locator("details > summary").click()


def log_off(page: Page) -> None:
    page.locator("form[action='/logout/'] button").click()
    page.wait_for_url("**/logout/")


def unread(page: Page) -> None:
    """What is posted is no passkey."""
    with page.expect_navigation():
        page.locator("[data-behaviour=passkey-alone]").evaluate("(form) => form.submit()")


def locked_out(stage: Stage) -> str:
    """Strangers have typed ten wrong passwords for Alice."""
    stage.alice()
    stage.lock("alice")
    return "/login/"


def unlock_code(stage: Stage) -> str:
    """Alice asked to lift the lock; a code was mailed."""
    locked_out(stage)
    return stage.post("/unlock/", username="alice")


def right_code(page: Page) -> None:
    """Alice types what the mail says."""
    submit(page, code=Challenge.objects.latest("created_at").code())


def unlock_app(stage: Stage, *, several: bool = False) -> str:
    """The mailed code was right; one of her authenticators is asked."""
    page = unlock_code(stage)
    user = User.objects.get(username="alice")
    for name in ("Work phone", "Tablet") if several else ("Work phone",):
        cast.app_device(user, name)
    return stage.post(page, code=Challenge.objects.latest("created_at").code())


def unusual_page(stage: Stage) -> str:
    """Alice, who holds an app, signs in from a country that is new."""
    user = stage.alice()
    abroad.at_home(user)
    cast.app_device(user, "Work phone")
    stage.client.defaults["REMOTE_ADDR"] = abroad.JAPAN
    return cast.begin(stage.client, user.username)


WRONG = {"username": "alice", "password": "not the one"}


SCENES = [
    Scene("login", "login", at("/login/")),
    Scene("login-ended", "login", at("/login/?ended=idle")),
    Scene("login-empty", "login", at("/login/"), act=submit),
    Scene("login-wrong", "login", at("/login/"), act=lambda page: submit(page, **WRONG)),
    Scene("login-locked", "login", locked_out, act=lambda page: submit(page, **WRONG)),
    Scene("login-lock-lifted", "login", at("/login/?ended=unlocked")),
    Scene("login-unusual", "login_attempt", unusual_page),
    Scene("unlock", "unlock", at("/unlock/")),
    Scene("unlock-empty", "unlock", at("/unlock/"), act=submit),
    Scene("unlock-code", "unlock_code", unlock_code),
    Scene("unlock-code-wrong", "unlock_code", unlock_code, act=wrong_code),
    Scene("unlock-without-app", "unlock_code", unlock_code, act=right_code),
    Scene("unlock-choose", "login_attempt", lambda stage: unlock_app(stage, several=True)),
    Scene("unlock-app", "login_attempt", unlock_app),
    Scene("code-waiting", "login_attempt", code_page()),
    Scene("code-carrier", "login_attempt", code_page("sent", "sent")),
    Scene("code-delivered", "login_attempt", code_page("delivered"), act=opened),
    Scene("code-undelivered", "login_attempt", code_page("undelivered", "", 30006), act=opened),
    Scene("code-unknown", "login_attempt", code_page("unknown")),
    Scene("code-stopped", "login_attempt", stopped),
    Scene("code-wrong", "login_attempt", code_page("delivered"), act=wrong_code),
    Scene("code-expired", "login_attempt", expired),
    Scene("call-ringing", "login_attempt", code_page("sent", "ringing", channel="voice")),
    Scene(
        "call-no-answer", "login_attempt", code_page("undelivered", "no-answer", channel="voice")
    ),
    Scene("choose", "login_attempt", Stage.choosing),
    Scene("chosen-text", "login_attempt", lambda stage: stage.chosen("sms")),
    Scene("chosen-app", "login_attempt", lambda stage: stage.chosen("authenticator_app")),
    Scene("chosen-passkey", "login_attempt", lambda stage: stage.chosen("passkey")),
    Scene("chosen-printed", "login_attempt", lambda stage: stage.chosen("backup_codes")),
    Scene("backup-code", "login_attempt", Stage.backup_code_page),
    Scene(
        "backup-code-elsewhere",
        "login_attempt",
        Stage.backup_code_page,
        act=lambda page: submit(page, code="493 817"),
    ),
    Scene(
        "staff-code", "login_attempt", lambda stage: cast.begin(stage.client, stage.sam().username)
    ),
    Scene("passkey", "login_attempt", Stage.passkey_page),
    Scene("passkey-cancelled", "login_attempt", Stage.passkey_page, act=cancelled),
    Scene("passkey-expired", "login_attempt", Stage.passkey_over),
    Scene("passkey-alone-cancelled", "login", at("/login/"), act=cancelled),
    Scene("passkey-alone-unread", "login", at("/login/"), act=unread),
    Scene("card", "login_attempt", card_page),
    Scene("card-wrong", "login_attempt", card_page, act=lambda page: submit(page, code="12345678")),
    Scene("card-over", "login_attempt", card_over),
    Scene("logged-off", "logout", signed_in("/"), act=log_off),
    Scene("login-keyboard", "login", at("/login/"), act=password_pages.keyboard()),
    Scene("login-signs", "login", at("/login/"), act=password_pages.keyboard("signs")),
    Scene("activate", "activate", at("/activate/")),
    Scene("activate-empty", "activate", at("/activate/"), act=submit),
    Scene("activate-resend", "activate_resend", at("/activate/resend/")),
    Scene(
        "activate-resent",
        "activate_resend",
        at("/activate/resend/"),
        act=lambda page: submit(page, username="nina"),
    ),
    Scene("activate-password", "activation_password", Stage.password_page),
    Scene(
        "activate-password-refused",
        "activation_password",
        Stage.password_page,
        act=lambda page: submit(page, password="password"),
    ),
    Scene(
        "activate-number",
        "activation_number",
        lambda stage: stage.password_page().replace("/password/", "/number/"),
    ),
    Scene("activate-code", "login_attempt", enrolling),
]
