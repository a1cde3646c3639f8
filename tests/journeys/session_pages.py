"""Alice's sessions and browsers, and the end of one, on the stage."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from accounts.sessions.models import Session
from tests import cast
from tests.journeys.stage import FIREFOX, Stage
from tests.waiting import wait_until

SESSIONS = "/settings/security/sessions/"
BROWSERS = f"{SESSIONS}browsers/"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)
OLD = "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko"


def several(path: str):
    """Alice is signed in here, and in two browsers elsewhere."""

    def way(stage: Stage) -> str:
        user = stage.alice()
        for agent, address in ((IPHONE, "8.8.8.8"), (FIREFOX, "1.1.1.1")):
            tab = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
            url = cast.begin(tab)
            tab.post(f"{url}answer/", {"code": cast.code_for(user)})
            stage.an_hour_later()
        stage.sign_in(user)
        return path

    return way


def locked(stage: Stage) -> str:
    """Alice has locked her session, and has a passkey."""
    stage.passkeys()
    stage.post("/lock/")
    return "/locked/"


def wrong(page: Page) -> None:
    """Somebody types another password."""
    page.locator("main [name=password]").fill("not the password")
    with page.expect_navigation():
        page.locator("main form.form button.button:visible").first.click()


def nearly_over(page: Page) -> None:
    """The session ends in less than two minutes, and another tab of it says so."""
    unused(timedelta(minutes=13, seconds=30))
    warned(page)


def warned(page: Page) -> None:
    """Another tab hears that the end is near, until this page has listened and asked itself."""
    said = "new BroadcastChannel('session').postMessage({left: 90, most: 40000})"
    dialog = page.get_by_role("alertdialog")
    wait_until(lambda: dialog.is_visible() or page.evaluate(said))
    assert dialog.is_visible()


def unused(span: timedelta) -> None:
    """Nothing was done in any session for so long."""
    Session.objects.filter(ended_at=None).update(seen_at=timezone.now() - span)


def with_old_browser(page: Page) -> None:
    """The page comes again, and the browser says that it is an old one."""
    page.route("**/*", lambda route: route.continue_(headers=_as_old(route.request.headers)))
    page.reload()
    page.unroute("**/*")


def _as_old(headers: dict[str, str]) -> dict[str, str]:
    return headers | {"user-agent": OLD}
