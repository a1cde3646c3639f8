"""Signed in: home, sessions, settings, the password; and the place of staff."""

from tests.journeys import home_pages, password_pages, session_pages
from tests.journeys.scenes.scene import CLIENT, STAFF, Scene, new_sim, signed_in, staff, submit

SCENES = [
    Scene("home", "home", signed_in("/"), CLIENT),
    Scene("home-passkey-due", "home", lambda stage: stage.passkey_due("/", days=20), CLIENT),
    Scene("home-passkey-first", "home", lambda stage: stage.passkey_due("/", days=0), CLIENT),
    Scene("home-new-sim", "home", new_sim("/"), CLIENT),
    Scene("timeline", "timeline", home_pages.a_month, CLIENT),
    Scene("privileges", "privileges", signed_in("/privileges/"), CLIENT),
    Scene("privileges-held", "privileges", home_pages.held("/privileges/"), CLIENT),
    Scene("holds", "holds", home_pages.held("/holds/"), CLIENT),
    Scene("holds-none", "holds", signed_in("/holds/"), CLIENT),
    Scene("home-all-well", "home", home_pages.all_well, CLIENT),
    Scene("home-much", "home", home_pages.much, CLIENT),
    Scene("home-moving", "home", home_pages.moving, CLIENT),
    Scene("help", "help", signed_in("/help/"), CLIENT),
    Scene("sessions", "sessions", session_pages.several(session_pages.SESSIONS), CLIENT),
    Scene("sessions-staff", "sessions", staff(session_pages.SESSIONS), STAFF),
    Scene("known-browsers", "known_devices", session_pages.several(session_pages.BROWSERS), CLIENT),
    Scene("screen-locked", "locked", session_pages.locked, CLIENT),
    Scene("screen-locked-wrong", "locked", session_pages.locked, CLIENT, act=session_pages.wrong),
    Scene("log-off-warning", "help", signed_in("/help/"), CLIENT, act=session_pages.nearly_over),
    Scene("old-browser", "help", signed_in("/help/"), CLIENT, act=session_pages.with_old_browser),
    Scene("settings", "settings", signed_in("/settings/"), CLIENT),
    *(
        Scene(f"settings-{code}", f"settings_{code}", signed_in(f"/settings/{code}/"), CLIENT)
        for code in ("communication", "login", "security", "trading")
    ),
    Scene("password", "password", password_pages.proving, CLIENT),
    Scene("password-new", "password", password_pages.proven, CLIENT),
    Scene(
        "password-refused",
        "password",
        password_pages.proven,
        CLIENT,
        act=lambda page: submit(page, password="alice"),
    ),
    Scene(
        "password-advised",
        "password",
        password_pages.proven,
        CLIENT,
        act=password_pages.typed("abcdefg1234"),
    ),
    Scene(
        "password-good",
        "password",
        password_pages.proven,
        CLIENT,
        act=password_pages.typed("violet harbour tramway"),
    ),
    Scene("home-password-old", "home", password_pages.old, CLIENT),
    Scene("home-password-demanded", "home", password_pages.demanded, CLIENT),
    Scene("console", "console:index", staff("/console/"), STAFF),
]
