"""IP restrictions and the emergency door."""

from tests.journeys import address_pages
from tests.journeys.scenes.scene import CLIENT, Scene

SCENES = [
    Scene("ip-empty", "ip_restrictions", address_pages.empty, CLIENT),
    Scene("ip-full", "ip_restrictions", address_pages.full, CLIENT),
    Scene(
        "ip-wrong",
        "ip_restrictions",
        address_pages.empty,
        CLIENT,
        act=address_pages.within_a_network,
    ),
    Scene("ip-trial", "ip_list", address_pages.trial(proves=False), CLIENT),
    Scene("ip-trial-proven", "ip_list", address_pages.trial(proves=True), CLIENT),
    Scene("ip-try", "ip_try", address_pages.rehearsal("127.0.0.1"), CLIENT),
    Scene("ip-try-shut-out", "ip_try", address_pages.rehearsal("203.0.113.7"), CLIENT),
    Scene("ip-remove", "ip_remove", address_pages.removal("127.0.0.1"), CLIENT),
    Scene("ip-remove-narrower", "ip_remove", address_pages.removal("127.0.0.1", "::1"), CLIENT),
    Scene("ip-ended", "", address_pages.ended),
    Scene("door", "login_door", address_pages.door()),
    Scene("door-mail", "login_door", address_pages.door(mail=True)),
]
