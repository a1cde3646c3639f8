"""Every page in every dress. The list comes from the resolver: a page without a scene fails."""

from collections.abc import Iterator, Sequence

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.browser import Axed
from tests.journeys.scenes import ANONYMOUS, CLIENT, NO_PAGES, POSTED, SCENES, STAFF, Scene
from tests.journeys.stage import Stage
from tests.screenshots import Pictures

DRESSES = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]
# Further states of a page that was seen in every dress already.
CONTRASTS = [(1280, "light"), (390, "dark")]
FIRST = {scene.pattern or scene.name: scene.name for scene in reversed(SCENES)}
HEIGHT = 900
# 1280 px at a zoom of 400 % (WCAG 1.4.10).
NARROWEST = 320
LOCALES = {"en": "en-US", "ja": "ja-JP"}
# What sticks out at the side, or nothing.
OVERFLOW = """() => {
  const root = document.documentElement, width = root.clientWidth;
  if (root.scrollWidth <= width) return "";
  const wide = [...document.querySelectorAll("body *")].filter(
    (one) => one.getBoundingClientRect().right > width + 1);
  const names = wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 120));
  return `${root.scrollWidth} of ${width} px: ${names}`;
}"""
# Of the picture in the README: page and telephone beside each other.
PAIR = (640, 950)


def patterns(resolver=None, prefix: str = "") -> Iterator[str]:
    """The name of every address."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLPattern):
            yield prefix + one.name
        else:
            yield from patterns(one, f"{prefix}{one.namespace}:" if one.namespace else prefix)


def test_every_address_has_a_scene_or_is_no_page():
    shown = {scene.pattern for scene in SCENES if scene.pattern}
    assert set(patterns()) - shown - POSTED - NO_PAGES == set()
    assert (shown | POSTED | NO_PAGES) - set(patterns()) == set()
    # Shown as an answer to a POST only.
    assert shown & POSTED == {"logout"}


@pytest.mark.parametrize("name", sorted(POSTED))
def test_what_is_posted_cannot_be_opened(name, client, alice, sign_in):
    sign_in(client, alice)
    for value in ("x", 1, "00000000-0000-4000-8000-000000000000"):
        for args in ([value], []):
            try:
                path = reverse(name, args=args)
            except NoReverseMatch:
                continue
            assert client.get(path).status_code == 405


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_page_is_whole_in_every_dress(
    scene, language, client, live_server, new_context, axe, pictures, monkeypatch
):
    stage = Stage(client, language)
    path = scene.way(stage)
    foreign: list[str] = []

    def watch(request: Request) -> None:
        if not request.url.startswith((f"{live_server.url}/", "data:")):
            foreign.append(request.url)

    if scene.breaks is not None:
        _break_home(monkeypatch, scene.breaks)
    context = new_context(locale=LOCALES[language], viewport={"width": 1280, "height": HEIGHT})
    context.on("request", watch)
    page = _enter(context, client, f"{live_server.url}{path}", scene)
    is_first = FIRST[scene.pattern or scene.name] == scene.name
    dresses = DRESSES if is_first else CONTRASTS
    _try_on(page, axe, pictures, f"{scene.name}-{language}", dresses)
    _is_framed(page, scene, language)
    assert foreign == []


def _try_on(
    page: Page,
    axe: Axed,
    pictures: Pictures | None,
    name: str,
    dresses: Sequence[tuple[int, str]] = DRESSES,
) -> None:
    """Wide and narrow, light and dark; axe finds nothing, and nothing sticks out."""
    for width, scheme in DRESSES if pictures else dresses:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if pictures:
            pictures.take(page, f"{name}-{width}-{scheme}")
        axe(page)
        assert page.evaluate(OVERFLOW) == ""
    page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
    assert page.evaluate(OVERFLOW) == ""


def _break_home(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def overview(user: object) -> None:
        raise error

    monkeypatch.setattr("portal.home.views.overview", overview)


def _enter(context: BrowserContext, client: Client, url: str, scene: Scene) -> Page:
    """A browser with the cookies of the stage, at the page."""
    context.add_cookies(
        [{"name": name, "value": one.value, "url": url} for name, one in client.cookies.items()]
    )
    page = context.new_page()
    page.goto(url)
    if scene.act:
        scene.act(page)
    return page


def _is_framed(page: Page, scene: Scene, language: str) -> None:
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").count() == 1
    assert page.title()
    log_off = page.locator("form[action='/logout/'] button")
    if scene.who in {CLIENT, STAFF}:
        assert log_off.is_visible()
    else:
        assert scene.who == ANONYMOUS
        assert log_off.count() == 0


def test_the_emulator_is_whole_too(person, alice, emulator, axe, pictures):
    person.give_password("alice")
    person.line_says("Delivered to your phone", status="delivered")
    if pictures:
        pictures.take(person.page, "pair-page", size=PAIR)
    page = person.page.context.new_page()
    number = alice.phonenumbers.get().number
    for place in ("phone/", f"phone/{number}/"):
        page.goto(f"{emulator.base_url}/{place}")
        _try_on(page, axe, pictures, f"emulator-{place.strip('/').replace('/', '-')}")
    if pictures:
        pictures.take(page, "pair-phone", size=PAIR)

    person.give_code(person.read_code(number))
    person.is_in()
    person.read_mail("alice@example.com", "new device")
    for place in ("mail/", "mail/alice@example.com/"):
        page.goto(f"{emulator.base_url}/{place}")
        _try_on(page, axe, pictures, f"emulator-{place.strip('/').replace('/', '-')}")


def test_a_talking_handset_is_whole_too(person, alice, emulator, settings, axe, pictures):
    settings.FIRST_RESEND_AFTER = 0
    number = alice.phonenumbers.get().number
    person.give_password("alice")
    person.ask_again("voice")
    person.rings(number)
    page = person.page.context.new_page()
    page.goto(f"{emulator.base_url}/phone/{number}/")
    if pictures:
        pictures.take(page, "emulator-ringing-1280-light")
    page.get_by_role("button", name="Answer").click()
    page.get_by_role("button", name="1", exact=True).click()
    expect(page.get_by_role("log")).to_contain_text("The code is")
    _try_on(page, axe, pictures, "emulator-call")
