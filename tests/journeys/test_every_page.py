"""Every page in every dress. The list comes from the resolver: a page without a scene fails."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from urllib.parse import urljoin

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from playwright.sync_api import Browser, Error, Page, Request, expect

from tests.browser import PATIENCE, Axed
from tests.journeys.scenes import NO_PAGES, POSTED, SCENES
from tests.journeys.scenes.scene import ANONYMOUS, CLIENT, STAFF, Scene
from tests.journeys.stage import Stage
from tests.screenshots import Pictures
from tests.waiting import wait_until

DRESSES = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]
# Further states of a page that was seen in every dress already. Between them they show all that
# axe judges by structure or width; a mere change of colours only changes contrasts.
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
# A4 at 96 dots an inch, without its margins.
PAPER = (643, 972)


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
    assert shown & POSTED == {"logout", "backup_codes_renew"}


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


@pytest.mark.parametrize(
    ("colours", "faint"),
    [
        ("color: oklch(0.8 0 0)", True),
        ("color: oklch(0.3 0 0)", False),
        ("color: oklch(0.8 0 0); background: oklch(0.2 0 0)", False),
        ("color: oklch(0.3 0 0 / 30%)", True),
    ],
)
def test_axe_sees_faint_words(page, axe, colours, faint):
    page.set_content(f"<p>Black on white</p><p style='{colours}'>Words</p>")
    with pytest.raises(AssertionError, match="color-contrast") if faint else nullcontext():
        axe(page, "color-contrast")


def test_axe_sees_what_is_too_small_to_hit_where_the_window_is_narrow(page, axe):
    small = "@media (max-width: 400px) { a { font-size: 8px; line-height: 9px; display: block } }"
    page.set_content(
        f"""<html lang=en><title>T</title><style>a {{ padding: 15px; display: block }} {small}
        @media (max-width: 400px) {{ a {{ padding: 0 }} }}</style>
        <main><h1>H</h1><a href="/a">One</a><a href="/b">Two</a></main>"""
    )
    page.set_viewport_size({"width": 1280, "height": HEIGHT})
    axe(page)
    page.set_viewport_size({"width": 390, "height": HEIGHT})
    with pytest.raises(AssertionError, match="target-size"):
        axe(page)


@pytest.fixture(scope="session")
def pages(browser: Browser, django_db_setup: None) -> Iterator[Callable[[str], Page]]:
    """One page a language for all scenes: a browser, style sheets and scripts start once."""
    made: dict[str, Page] = {}

    def of(language: str) -> Page:
        if language not in made:
            made[language] = browser.new_context(locale=LOCALES[language]).new_page()
            made[language].set_default_timeout(PATIENCE)
        return made[language]

    yield of
    for page in made.values():
        page.context.close()
    # As long as a browser keeps its connection, the server's thread keeps one to the database,
    # which could not be dropped then.
    wait_until(lambda: not any("process_request" in one.name for one in threading.enumerate()))


@pytest.fixture
def crawler(pages, language, live_server, console_errors) -> Iterator[Page]:
    """A blank page without cookies, which may talk to the portal alone."""
    page = pages(language)
    page.context.clear_cookies()
    page.set_viewport_size({"width": DRESSES[0][0], "height": HEIGHT})
    page.emulate_media(media="screen", color_scheme=DRESSES[0][1], reduced_motion="no-preference")
    foreign: list[str] = []

    def watch(request: Request) -> None:
        if not request.url.startswith((f"{live_server.url}/", "data:")):
            foreign.append(request.url)

    def complain(error: Error) -> None:
        console_errors.append(str(error))

    ears = {"request": watch, "console": console_errors.hear, "pageerror": complain}
    for event, ear in ears.items():
        page.on(event, ear)
    yield page
    # What the page still asks for in the background ends with it. A blank page would end the
    # process of the browser, too, and the next compiles all scripts anew.
    page.goto(f"{live_server.url}/static/img/favicon.svg")
    for event, ear in ears.items():
        page.remove_listener(event, ear)
    assert foreign == []


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_page_is_whole_in_every_dress(
    scene, language, client, crawler, live_server, axe, pictures, monkeypatch
):
    path = scene.way(Stage(client, language))
    if scene.breaks is not None:
        _break_home(monkeypatch, scene.breaks)
    _enter(crawler, client, f"{live_server.url}{path}", scene)
    is_first = FIRST[scene.pattern or scene.name] == scene.name
    dresses = DRESSES if is_first else CONTRASTS
    _try_on(crawler, axe, pictures, f"{scene.name}-{language}", dresses)
    _is_framed(crawler, scene, language)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_backup_codes_are_whole_on_paper(client, language, crawler, live_server, pictures, scheme):
    scene = next(scene for scene in SCENES if scene.name == "backup-codes")
    path = scene.way(Stage(client, language))
    _enter(crawler, client, f"{live_server.url}{path}", scene)
    crawler.set_viewport_size({"width": PAPER[0], "height": PAPER[1]})
    crawler.emulate_media(media="print", color_scheme=scheme)
    expect(crawler.locator(".sheet__code")).to_have_count(10)
    assert crawler.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    for left_out in ("button", ".button", ".places", ".frame__foot"):
        assert not any(one.is_visible() for one in crawler.locator(left_out).all())
    assert crawler.evaluate(OVERFLOW) == ""
    assert (
        crawler.evaluate("document.querySelector('.sheet').getBoundingClientRect().bottom") < 1000
    )
    if pictures:
        pictures.take(crawler, f"backup-codes-paper-{language}-{scheme}", size=PAPER)


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
        axe(page, *([] if (width, scheme) in CONTRASTS else ["color-contrast"]))
        assert page.evaluate(OVERFLOW) == ""
    page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
    assert page.evaluate(OVERFLOW) == ""


def _break_home(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def overview(user: object) -> None:
        raise error

    monkeypatch.setattr("portal.home.views.overview", overview)


def _enter(page: Page, client: Client, url: str, scene: Scene) -> None:
    """The browser takes the cookies of the stage and opens the page."""
    everywhere = urljoin(url, "/")
    page.context.add_cookies(
        [
            {"name": name, "value": one.value, "url": everywhere}
            for name, one in client.cookies.items()
        ]
    )
    page.goto(url)
    if scene.act:
        scene.act(page)


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
