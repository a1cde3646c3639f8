"""Every page in every dress. The list comes from the resolver: a page without a scene fails."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from playwright.sync_api import BrowserContext, Page, Request

from tests.journeys.scenes import ANONYMOUS, CLIENT, NO_PAGES, POSTED, SCENES, STAFF, Scene
from tests.journeys.stage import Stage

SCHEMES = ("light", "dark")
WIDTHS = (1280, 390)
HEIGHT = 900
# 1280 px at a zoom of 400 % (WCAG 1.4.10).
NARROWEST = 320
LOCALES = {"en": "en-US", "ja": "ja-JP"}
OVERFLOW = """() => {
  const root = document.documentElement, width = root.clientWidth;
  if (root.scrollWidth <= width) return null;
  const wide = [...document.querySelectorAll("body *")].filter(
    (one) => one.getBoundingClientRect().right > width + 1);
  return `${root.scrollWidth} of ${width} px: ` + wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 120));
}"""


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
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if pictures:
                pictures.take(page, scene.name, language, width, scheme)
            axe(page)
        assert page.evaluate(OVERFLOW) is None
    page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
    assert page.evaluate(OVERFLOW) is None
    _is_framed(page, scene, language)
    assert foreign == []


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


@pytest.fixture
def emulator_page(wire, new_context, live_server) -> Page:
    """A browser for the emulator's own pages."""
    return new_context(viewport={"width": 1280, "height": HEIGHT}).new_page()


@pytest.mark.parametrize(
    "place", ["phone/", "phone/+14155550101/", "mail/", "mail/alice@example.com/"]
)
def test_the_emulator_is_whole_too(place, wire, emulator_page, language, pictures, axe):
    page = emulator_page
    page.goto(f"{wire.base}/{place}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if pictures:
                name = "emulator-" + place.strip("/").replace("/", "-")
                pictures.take(page, name, language, width, scheme)
            axe(page)
        assert page.evaluate(OVERFLOW) is None
