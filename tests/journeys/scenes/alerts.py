"""The inbox, the choice of alerts, and the phrase."""

from tests.journeys import alert_pages
from tests.journeys.scenes.scene import CLIENT, Scene, signed_in, submit

PHRASE = "/settings/communication/phrase/"

SCENES = [
    Scene("inbox", "inbox", alert_pages.told, CLIENT, act=alert_pages.opened),
    Scene("inbox-empty", "inbox", signed_in("/inbox/"), CLIENT),
    Scene("alerts", "alerts_settings", signed_in("/settings/communication/alerts/"), CLIENT),
    Scene("alerts-chosen", "alerts_settings", alert_pages.chosen, CLIENT),
    Scene("phrase", "phrase", signed_in(PHRASE), CLIENT),
    Scene("phrase-open", "phrase", alert_pages.phrase_shown, CLIENT),
    Scene(
        "phrase-refused",
        "phrase",
        alert_pages.phrase_shown,
        CLIENT,
        act=lambda page: submit(page, passphrase="www.example.com"),
    ),
]
