"""Security cards."""

from tests.journeys import card_pages
from tests.journeys.scenes.scene import CLIENT, Scene, signed_in, submit

SCENES = [
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
]
