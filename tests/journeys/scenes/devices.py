"""Authenticators, and what depends on them."""

from collections.abc import Callable

from django.urls import reverse

from tests.journeys import card_pages
from tests.journeys.card_stage import (
    card_activation,
    with_card,
    with_disabled_card,
)
from tests.journeys.scenes.scene import (
    CLIENT,
    SLS,
    STAFF,
    Scene,
    cancelled,
    confirm,
    several,
    signed_in,
    staff,
    submit,
)
from tests.journeys.stage import Stage


def opted_out(name: str, *, whom: str = "alice") -> Callable[[Stage], str]:
    """Somebody on Alice's account is opted out, and she looks."""

    def way(stage: Stage) -> str:
        pk = stage.opted_out(whom).pk
        return reverse(name, args=[pk] if name == "opt_back_in" else [])

    return way


SCENES = [
    Scene("devices-passkey-first", "devices", lambda stage: stage.passkey_due(SLS, days=0), CLIENT),
    Scene("devices", "devices", several, CLIENT),
    Scene("devices-one", "devices", signed_in(SLS), CLIENT),
    Scene("devices-card", "devices", with_card(SLS), CLIENT),
    Scene("devices-card-disabled", "devices", with_disabled_card, CLIENT),
    Scene("card-activation", "device_enrol", card_activation, CLIENT),
    Scene("devices-card-sent", "devices", card_pages.sent, CLIENT),
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
    Scene("devices-staff", "devices", staff(SLS), STAFF),
]
