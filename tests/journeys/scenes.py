"""Every page, and every state of it that looks different. The crawl visits them, and
``make screenshots`` draws them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp
from playwright.sync_api import Page

from accounts.challenges.models import Challenge
from accounts.contacts.models import PhoneNumber
from accounts.limits import TooMany
from accounts.outbox.signals import reported
from tests import cast
from tests.attacks.tools import other_than
from tests.journeys import card_pages
from tests.journeys.card_stage import (
    card_activation,
    card_over,
    card_page,
    with_card,
    with_disabled_card,
)
from tests.journeys.stage import Stage

SLS = "/settings/security/sls/"
ANONYMOUS, CLIENT, STAFF = "anonymous", "client", "staff"


class Busy(Exception):
    """What an exhausted resource raises."""

    retry_after = 20


@dataclass(frozen=True)
class Scene:
    """``pattern`` is the name of the address that shows it; ``way`` sets the stage and tells
    where to go; ``act`` is done on the page; ``breaks`` is what the page of home raises.
    """

    name: str
    pattern: str
    way: Callable[[Stage], str]
    who: str = ANONYMOUS
    act: Callable[[Page], None] | None = None
    breaks: Exception | None = None


def at(path: str) -> Callable[[Stage], str]:
    """Nothing to prepare."""
    return lambda stage: path


def submit(page: Page, **fields: str) -> None:
    """Fills the form of the page and posts it."""
    for name, value in fields.items():
        page.locator(f"main [name={name}]:visible").fill(value)
    with page.expect_navigation():
        page.locator("main form.form button.button:visible").first.click()


def lose_the_token(page: Page) -> None:
    """The form is posted by somebody who never got it from us."""
    page.locator("main [name=csrfmiddlewaretoken]").first.evaluate("one => one.value = 'x'")
    submit(page)


def signed_in(path: str) -> Callable[[Stage], str]:
    """Alice, signed in, at ``path``."""

    def way(stage: Stage) -> str:
        stage.sign_in(stage.alice())
        return path

    return way


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


def wrong_app_code(page: Page) -> None:
    """Types a code that no app with the cast's seed shows."""
    submit(page, code=other_than(f"{totp(cast.SEED):06d}", 7))


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


def staff_code_page(stage: Stage) -> str:
    return cast.begin(stage.client, stage.sam().username)


def staff(path: str) -> Callable[[Stage], str]:
    """Sam, signed in, at ``path``."""

    def way(stage: Stage) -> str:
        url = staff_code_page(stage)
        stage.post(f"{url}answer/", code=f"{totp(cast.SEED):06d}")
        return path

    return way


def new_sim(path: str) -> Callable[[Stage], str]:
    """Alice, signed in, at ``path``; her number has just got a new SIM card."""

    def way(stage: Stage) -> str:
        user, now = stage.alice(), timezone.now()
        stage.sign_in(user)
        number = user.phonenumbers.get().number
        reported.send(sender=None, number=number, line_type="mobile", swapped_at=now, at=now)
        return path

    return way


def kept_back(stage: Stage) -> str:
    url = stage.step_up_code()
    stage.is_now("failed", "new_sim")
    return url


def new_number(path: str, send: str = "", *state: object, **facts: object):
    """Alice at the page of a number that is not verified, maybe after a code was sent."""

    def way(stage: Stage) -> str:
        phone = stage.new_number(**facts)
        url = reverse(path, args=[phone.pk] if "_" in path else [])
        if send:
            stage.post(url, delivery=send)
            stage.is_now(*state)
        return url

    return way


def new_address(*state: object) -> Callable[[Stage], str]:
    """Alice at the page of an address that is not verified, maybe after a code was sent."""

    def way(stage: Stage) -> str:
        url = reverse("email_verify", args=[stage.new_address().pk])
        if state:
            stage.post(url, delivery="email")
            stage.is_now(*state)
        return url

    return way


def opted_out(name: str, *, whom: str = "alice") -> Callable[[Stage], str]:
    """Somebody on Alice's account is opted out, and she looks."""

    def way(stage: Stage) -> str:
        pk = stage.opted_out(whom).pk
        return reverse(name, args=[pk] if name == "opt_back_in" else [])

    return way


def opened(page: Page) -> None:
    """Opens "Didn't receive a security code?"."""
    page.locator("details > summary").click()


def confirm(page: Page) -> None:
    """Presses the button of the last page of a step-up."""
    with page.expect_navigation():
        page.locator("main form button.button").first.click()


def log_off(page: Page) -> None:
    page.locator("form[action='/logout/'] button").click()
    page.wait_for_url("**/logout/")


def cancelled(page: Page) -> None:
    """The person says no to what the browser asks."""
    page.evaluate(
        """() => { navigator.credentials.get = navigator.credentials.create =
        () => Promise.reject(new DOMException("", "NotAllowedError")); }"""
    )
    page.get_by_role("button", name="passkey").or_(
        page.get_by_role("button", name="パスキー")
    ).first.click()
    page.locator("[role=alert] .notice").wait_for()


def unread(page: Page) -> None:
    """What is posted is no passkey."""
    with page.expect_navigation():
        page.locator("[data-behaviour=passkey-alone]").evaluate("(form) => form.submit()")


def several(stage: Stage) -> str:
    """Alice, signed in, at the list of her authenticators."""
    stage.several()
    return SLS


WRONG = {"username": "alice", "password": "not the one"}
SCENES = [
    # On the way in
    Scene("login", "login", at("/login/")),
    Scene("login-ended", "login", at("/login/?ended=idle")),
    Scene("login-empty", "login", at("/login/"), act=submit),
    Scene("login-wrong", "login", at("/login/"), act=lambda page: submit(page, **WRONG)),
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
    # A new client
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
    # Signed in
    Scene("home", "home", signed_in("/"), CLIENT),
    Scene("home-passkey-due", "home", lambda stage: stage.passkey_due("/", days=20), CLIENT),
    Scene("home-passkey-first", "home", lambda stage: stage.passkey_due("/", days=0), CLIENT),
    Scene("devices-passkey-first", "devices", lambda stage: stage.passkey_due(SLS, days=0), CLIENT),
    Scene("home-new-sim", "home", new_sim("/"), CLIENT),
    Scene("activity", "activity", signed_in("/activity/"), CLIENT),
    Scene("help", "help", signed_in("/help/"), CLIENT),
    Scene("settings", "settings", signed_in("/settings/"), CLIENT),
    *(
        Scene(f"settings-{code}", f"settings_{code}", signed_in(f"/settings/{code}/"), CLIENT)
        for code in ("communication", "login", "security", "trading")
    ),
    Scene("phones", "phones", new_number("phones"), CLIENT),
    Scene("phones-new-sim", "phones", new_sim("/settings/communication/phones/"), CLIENT),
    Scene(
        "phones-refused",
        "phones",
        signed_in("/settings/communication/phones/"),
        CLIENT,
        act=lambda page: submit(page, number="+1 900 555 1234"),
    ),
    Scene("phone-verify", "phone_verify", new_number("phone_verify"), CLIENT),
    Scene("phone-code", "phone_verify", new_number("phone_verify", "sms", "delivered"), CLIENT),
    Scene(
        "phone-call", "phone_verify", new_number("phone_verify", "voice", "sent", "ringing"), CLIENT
    ),
    Scene(
        "phone-landline",
        "phone_verify",
        new_number("phone_verify", line_type="landline", sms_refused_by_carrier=True),
        CLIENT,
    ),
    Scene("emails", "emails", signed_in("/settings/communication/emails/"), CLIENT),
    Scene("email-verify", "email_verify", new_address(), CLIENT),
    Scene("email-code", "email_verify", new_address("sent"), CLIENT),
    Scene("devices", "devices", several, CLIENT),
    Scene("devices-one", "devices", signed_in(SLS), CLIENT),
    Scene("devices-card", "devices", with_card(SLS), CLIENT),
    Scene("devices-card-disabled", "devices", with_disabled_card, CLIENT),
    Scene("card-activation", "device_enrol", card_activation, CLIENT),
    Scene("devices-card-sent", "devices", card_pages.sent, CLIENT),
    Scene("card-request", "card_request", card_pages.requesting("card_request"), CLIENT),
    Scene(
        "card-request-wrong",
        "card_request",
        card_pages.requesting("card_request"),
        CLIENT,
        act=submit,
    ),
    Scene(
        "card-request-refused",
        "card_request",
        card_pages.requesting("card_request", equity=500_000),
        CLIENT,
    ),
    Scene("card-request-not-owner", "card_request", card_pages.owning_nothing, CLIENT),
    Scene("card-request-another", "card_request", card_pages.with_card("card_request"), CLIENT),
    Scene(
        "card-request-lost", "card_request", card_pages.with_card("card_request", lost=True), CLIENT
    ),
    Scene("card-requested", "card_request", card_pages.requested, CLIENT),
    *(
        Scene(name.replace("_", "-"), name, card_pages.requesting(name), CLIENT)
        for name in ("card_request_pin", "card_request_account", "card_request_summary")
    ),
    Scene(
        "card-request-pin-weak",
        "card_request_pin",
        card_pages.requesting("card_request_pin"),
        CLIENT,
        act=lambda page: submit(page, pin="1234", pin_again="1234"),
    ),
    Scene("card-own", "card", card_pages.with_card("card"), CLIENT),
    Scene("card-own-shared", "card", card_pages.with_card("card", shared=True), CLIENT),
    Scene("card-own-lost", "card", card_pages.with_card("card", lost=True), CLIENT),
    Scene("card-of-another-name", "card", card_pages.another_name, CLIENT),
    Scene("card-pin", "card_pin", card_pages.with_card("card_pin"), CLIENT),
    Scene("card-pin-new", "card_pin", card_pages.pin_window, CLIENT),
    Scene("card-pin-answer", "card_pin_answer", card_pages.pin_answer, CLIENT),
    Scene(
        "card-pin-wrong",
        "card_pin_answer",
        card_pages.pin_answer,
        CLIENT,
        act=lambda page: submit(page, code="12345678"),
    ),
    Scene("card-pin-over", "card_pin_answer", card_pages.pin_over, CLIENT),
    Scene("card-lost", "card_lost", card_pages.with_card("card_lost"), CLIENT),
    Scene("card-lost-reported", "card_lost", card_pages.with_card("card_lost", lost=True), CLIENT),
    Scene("card-return", "card_return", card_pages.with_card("card_return"), CLIENT),
    Scene(
        "card-return-wrong",
        "card_return",
        card_pages.with_card("card_return"),
        CLIENT,
        act=submit,
    ),
    Scene("card-sent-back", "card_return", card_pages.sent_back, CLIENT),
    Scene("card-return-form", "card_return_form", card_pages.with_card("card_return_form"), CLIENT),
    Scene("card-charges", "card_charges", card_pages.charged, CLIENT),
    Scene(
        "card-charges-none", "card_charges", signed_in("/settings/security/card/charges/"), CLIENT
    ),
    Scene("card-share", "card_share", signed_in("/settings/security/card/share/"), CLIENT),
    Scene(
        "card-share-wrong",
        "card_share",
        signed_in("/settings/security/card/share/"),
        CLIENT,
        act=submit,
    ),
    Scene("card-share-answer", "card_share_answer", card_pages.sharing, CLIENT),
    Scene("card-share-confirm", "card_share_answer", card_pages.share_confirm, CLIENT),
    Scene("what-if-card", "what_if", with_card("/settings/security/what-if/"), CLIENT),
    Scene("device", "device", Stage.one_device, CLIENT),
    Scene("device-new", "device", lambda stage: stage.one_device("?new=1"), CLIENT),
    Scene(
        "device-name-refused",
        "device",
        Stage.one_device,
        CLIENT,
        act=lambda page: submit(page, name=" "),
    ),
    Scene("devices-passkeys", "devices", Stage.passkeys, CLIENT),
    Scene("passkey-device", "device", Stage.passkey_device, CLIENT),
    Scene("passkey-enrol", "device_enrol", lambda stage: stage.enrolment("passkey"), CLIENT),
    Scene(
        "passkey-enrol-cancelled",
        "device_enrol",
        lambda stage: stage.enrolment("passkey"),
        CLIENT,
        act=cancelled,
    ),
    Scene("device-enrol", "device_enrol", Stage.enrolment, CLIENT),
    Scene("device-enrol-over", "device_enrol", Stage.enrolment_over, CLIENT),
    Scene("backup-codes", "backup_codes_renew", Stage.new_codes, CLIENT, act=confirm),
    Scene("backup-codes-few", "devices", Stage.few_codes, CLIENT),
    Scene("device-test", "device_test", Stage.test_page, CLIENT),
    Scene("device-test-code", "device_test", lambda stage: stage.test_page(answered=False), CLIENT),
    Scene("device-test-works", "device_test", lambda stage: stage.test_page(answered=True), CLIENT),
    Scene("limits", "withdrawal_limits", signed_in("/settings/security/limits/"), CLIENT),
    Scene("limits-opted-out", "withdrawal_limits", opted_out("withdrawal_limits"), CLIENT),
    Scene("what-if", "what_if", signed_in("/settings/security/what-if/"), CLIENT),
    Scene("what-if-more", "what_if", Stage.with_more, CLIENT),
    Scene("home-opted-out", "home", opted_out("home"), CLIENT),
    Scene("opted-out", "opted_out", opted_out("opted_out", whom="carol"), CLIENT),
    Scene("opted-out-who-may", "opted_out", Stage.opted_out_trader, CLIENT),
    Scene("opted-out-nobody", "opted_out", signed_in("/settings/security/opt-back-in/"), CLIENT),
    Scene("opt-back-in", "opt_back_in", opted_out("opt_back_in"), CLIENT),
    Scene("opted-in", "opted_in", signed_in("/settings/security/opt-back-in/done/"), CLIENT),
    Scene("step-up-password", "step_up", Stage.step_up, CLIENT),
    Scene("step-up-code", "step_up", Stage.step_up_code, CLIENT),
    Scene("step-up-app", "step_up", Stage.step_up_app, CLIENT),
    Scene("step-up-app-wrong", "step_up", Stage.step_up_app, CLIENT, act=wrong_app_code),
    Scene("step-up-lapsed", "step_up", Stage.step_up_lapsed, CLIENT),
    Scene("step-up-passkey", "step_up", Stage.step_up_passkey, CLIENT),
    Scene("step-up-kept-back", "step_up", kept_back, CLIENT),
    Scene("step-up-over", "step_up", Stage.step_up_over, CLIENT),
    Scene("step-up-stopped", "step_up", Stage.step_up_stopped, CLIENT),
    Scene("step-up-refused", "step_up", Stage.step_up_refused, CLIENT),
    Scene("step-up-out-of-reach", "step_up", Stage.step_up_out_of_reach, CLIENT),
    Scene("step-up-confirm", "step_up_confirm", Stage.step_up_confirm, CLIENT),
    Scene("step-up-window", "settings", Stage.step_up_window, CLIENT),
    Scene("console", "console:index", staff("/console/"), STAFF),
    Scene("devices-staff", "devices", staff(SLS), STAFF),
    # For everybody
    Scene("ibkey", "ibkey", at("/ibkey/")),
    Scene("not-me", "not_me", at("/not-me/")),
    Scene("verify-caller", "verify_caller", at("/verify-caller/")),
    Scene(
        "verify-caller-asked",
        "verify_caller",
        at("/verify-caller/"),
        act=lambda page: submit(page, reference="KMP"),
    ),
    # What went wrong
    Scene("error-400", "", at("/login/?next=%00")),
    Scene("error-403", "", signed_in("/"), breaks=PermissionDenied()),
    Scene("error-404", "", at("/nowhere/")),
    Scene("error-csrf", "", at("/login/"), act=lose_the_token),
    Scene("error-429", "", signed_in("/"), breaks=TooMany(40)),
    Scene("error-500", "", signed_in("/"), breaks=RuntimeError("broken on purpose")),
    Scene("error-503", "", signed_in("/"), breaks=Busy()),
]

# Addresses that are no pages. What only takes a POST answers a GET with 405.
POSTED = {
    *("login_passkey", "login_passkey_ask"),
    *("login_method", "login_answer", "login_resend", "step_up_answer", "step_up_resend"),
    "step_up_end",
    *("phone_primary", "phone_remove", "phone_test", "email_primary", "email_remove"),
    *("card_request_confirm", "card_request_cancel", "card_found"),
    *("card_share_confirm", "card_unshare"),
    *("devices_order", "device_add", "device_enrol_answer", "device_name", "device_replace"),
    *("device_remove", "sms_on", "sms_off", "backup_codes_renew"),
    *("set_language", "twilio_status", "twilio_voice", "twilio_inbound", "logout"),
}
# For programs, or a part of a page.
NO_PAGES = {"healthz", "readyz", "metrics", "security_txt", "login_status"}
