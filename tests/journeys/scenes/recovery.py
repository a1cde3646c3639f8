"""Coming back in."""

from tests.journeys import recovery_pages
from tests.journeys.scenes.scene import CLIENT, Scene, at, submit

SCENES = [
    Scene("recover", "recover", at("/recover/")),
    Scene("recover-empty", "recover", at("/recover/"), act=submit),
    Scene("recover-device", "recover_device", at("/recover/device/")),
    Scene("recover-name", "recover_name", at("/recover/name/")),
    Scene(
        "recover-name-sent",
        "recover_name",
        at("/recover/name/"),
        act=lambda page: submit(page, email="alice@example.com", number="+1 415 555 0101"),
    ),
    Scene("recovery-mail", "recovery", recovery_pages.named),
    Scene(
        "recovery-mail-wrong",
        "recovery",
        recovery_pages.named,
        act=lambda page: submit(page, code="000 001"),
    ),
    Scene("recovery-choose", "recovery", recovery_pages.choosing),
    Scene("recovery-app", "recovery", recovery_pages.chosen(0)),
    Scene("recovery-printed", "recovery", recovery_pages.chosen(1)),
    Scene("recovery-text", "recovery", recovery_pages.texted),
    Scene("recovery-nothing", "recovery", recovery_pages.nothing_left),
    Scene("recovery-password", "recovery", recovery_pages.proven),
    Scene(
        "recovery-password-refused",
        "recovery",
        recovery_pages.proven,
        act=lambda page: submit(page, password="password"),
    ),
    Scene("recovery-done", "recovery", recovery_pages.done),
    Scene("recovery-over", "recovery", recovery_pages.over),
    Scene("recovery-lost", "recovery", recovery_pages.lost),
    Scene("recovery-confirm", "recovery", recovery_pages.confirming),
    Scene("recovery-asked-twice", "recovery", recovery_pages.asked_twice),
    Scene("recovery-enrol", "recovery", recovery_pages.enrolling),
    Scene("recovery-passkey", "recovery", recovery_pages.setting_up("passkey")),
    Scene("recovery-set-up", "recovery", recovery_pages.setting_up("authenticator_app")),
    Scene("recovery-enrolled", "recovery", recovery_pages.enrolled),
    Scene("recover-reference", "recover_status", at("/recover/status/")),
    Scene("recover-waiting", "recover_status", recovery_pages.waiting),
    Scene("recover-ripe", "recover_status", recovery_pages.ripe),
    Scene("recover-cancel", "recover_cancel", recovery_pages.linked),
    Scene("recover-cancelled", "recover_cancel", recovery_pages.linked, act=submit),
    Scene("recover-over", "recover_cancel", recovery_pages.ended),
    Scene("home-recovering", "home", recovery_pages.in_session, CLIENT),
]
