"""A temporary passcode, and the online security code card that follows it."""

from playwright.sync_api import Page

from tests.journeys import bridge_pages as pages
from tests.journeys.scenes.scene import ANONYMOUS, CLIENT, Scene, signed_in, submit


def make(page: Page) -> None:
    """The button that makes the sheet."""
    with page.expect_navigation():
        page.locator("main form[action$='/make/'] button").click()


SCENES = [
    Scene("passcode", "login_attempt", pages.passcode_page, ANONYMOUS),
    Scene(
        "passcode-wrong",
        "login_attempt",
        pages.passcode_page,
        ANONYMOUS,
        act=lambda page: submit(page, code="ABCD2340"),
    ),
    Scene("online-card-asked", "login_attempt", pages.online_card_page, ANONYMOUS),
    Scene(
        "online-card-wrong",
        "login_attempt",
        pages.online_card_page,
        ANONYMOUS,
        act=lambda page: submit(page, code="000000"),
    ),
    Scene("online-card-none", "online_card", signed_in(pages.PAGE), CLIENT),
    Scene("online-card-offered", "online_card", pages.held(pages.PAGE, card=False), CLIENT),
    Scene("online-card", "online_card", pages.held(pages.PAGE), CLIENT),
    Scene("online-card-only", "online_card", pages.limited, CLIENT),
    Scene("online-card-only-made", "online_card", pages.limited_with_card, CLIENT),
    Scene("online-card-sheet", "online_card_make", pages.limited, CLIENT, act=make),
    Scene("online-card-activate", "online_card_activate", pages.activation, CLIENT),
    Scene(
        "online-card-activate-wrong",
        "online_card_activate",
        pages.activation,
        CLIENT,
        act=lambda page: submit(page, code="12345"),
    ),
    Scene("online-card-activate-over", "online_card_activate", pages.activation_over, CLIENT),
    Scene("devices-bridged", "devices", pages.held("/settings/security/sls/"), CLIENT),
    Scene("device-online-card", "device", pages.one, CLIENT),
]
