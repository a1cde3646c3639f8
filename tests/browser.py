"""Pytest plugin: real Chromium, driven by Playwright, and axe.

Chromium is looked for at ``$CHROMIUM_PATH``, then by name, then as Playwright's own; ``make test``
installs it where it can. A page that logs an error (a violated CSP does) fails its test.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    sync_playwright,
)

from tests import assets

# The headless shell does the same for a quarter less work.
NAMES = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable"),
)
# A second list of features replaces Playwright's, so that its names are here again. Behind the
# address bar of each window Chromium draws two pages, which cost more than the one under test.
NO_FEATURES = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync"),
    *("DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades"),
    *("LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints"),
    *("PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning"),
)
FLAGS = [
    f"--disable-features={','.join(NO_FEATURES)}",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
# A page has few colours, and axe reads each again for every element, which takes as long as all
# else that it does.
COLOURS = """(() => {
  const { prototype } = axe.commons.color.Color, { parseString } = prototype, known = new Map();
  prototype.parseString = function (text) {
    if (!known.has(text)) {
      parseString.call(this, text);
      known.set(text, [this.r, this.g, this.b, this.alpha]);
    }
    [this.r, this.g, this.b, this.alpha] = known.get(text);
    return this;
  };
})();"""
PATIENCE = 10_000  # milliseconds
Axed = Callable[..., None]


def chromium(own: str) -> str:
    """The path of a Chromium; ``own`` is where Playwright would have its."""
    named = os.environ.get("CHROMIUM_PATH")
    candidates = [named] if named else [*map(shutil.which, NAMES), own]
    for candidate in candidates:
        if candidate and Path(candidate).is_file():
            return candidate
    raise RuntimeError(
        "No Chromium found: install the package 'chromium' or set CHROMIUM_PATH to its program."
    )


@contextmanager
def launched(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium until the end of the block."""
    program = playwright.chromium.launch(
        executable_path=chromium(playwright.chromium.executable_path),
        # The sandbox of Chromium does not run as root.
        args=[*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
    )
    yield program
    program.close()


@pytest.fixture(scope="session", autouse=True)
def _quick_assets() -> Iterator[None]:
    """What a live server has for a page's look goes out by ``tests/assets.py``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", assets.serve)
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run."""
    with sync_playwright() as playwright, launched(playwright) as program:
        yield program


class ConsoleErrors(list[str]):
    """What the pages of a test complained about; ``allow`` names texts that are expected."""

    def __init__(self) -> None:
        super().__init__()
        # Chromium reports each answer of 400 and above that a form or poll gets; those are
        # asserted by the tests themselves.
        self.allowed = ["Failed to load resource"]

    def allow(self, text: str) -> None:
        """Messages that contain ``text`` are not errors in this test."""
        self.allowed.append(text)

    def hear(self, message: ConsoleMessage) -> None:
        """Keeps an error of the console."""
        if message.type == "error" and not any(text in message.text for text in self.allowed):
            self.append(message.text)


@pytest.fixture
def console_errors() -> Iterator[ConsoleErrors]:
    """Collects; at the end of the test there must be none."""
    errors = ConsoleErrors()
    yield errors
    assert not errors, "the console of the browser shows errors:\n" + "\n".join(errors)


@pytest.fixture
def new_context(
    browser: Browser, console_errors: ConsoleErrors
) -> Iterator[Callable[..., BrowserContext]]:
    """Makes separate browsers (own cookies); takes Playwright's options, e.g. ``locale``."""
    contexts = []

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        context.on("console", console_errors.hear)
        context.on("weberror", lambda error: console_errors.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A page in a browser of its own."""
    return new_context().new_page()


@pytest.fixture
def page_without_script(new_context: Callable[..., BrowserContext]) -> Page:
    """The same with JavaScript off."""
    return new_context(java_script_enabled=False).new_page()


@pytest.fixture(scope="session")
def axe() -> Axed:
    """``axe(page)`` fails with a report when the page violates a rule of axe-core;
    ``axe(page, "color-contrast")`` asks that rule alone."""
    script = f"{Axe().axe_script};{COLOURS}"
    # Preloading copies style sheets into inline ones, which the policy of the page forbids. Only
    # what is wrong travels back: the whole result takes longer than finding it.
    # WCAG 2.2 (2.5.8) is not among what axe asks by itself.
    run = """rules => axe.run({
        preload: false, resultTypes: ["violations"],
        ...(rules.length ? {runOnly: rules} : {rules: {"target-size": {enabled: true}}}),
    }).then(({violations}) => ({violations}))"""

    def check(page: Page, *rules: str) -> None:
        if not page.evaluate("'axe' in window"):
            page.evaluate(script)
        results = AxeResults(page.evaluate(run, rules))
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    return check
