"""``python -m tests.screenshots``: every page as pictures, and all of them on one sheet.

Drives the crawl (``tests/journeys/test_every_page.py``), which brings its own stack, and keeps
what it sees: each scene wide and narrow, light and dark, in English and Japanese. Writes
``screenshots/`` with one PNG a view, ``index.html`` and ``sheet-*.png``. ``--readme`` draws the
picture of the README instead.
"""

import argparse
import base64
import html
import itertools
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "screenshots"
README_PICTURE = ROOT / "static" / "img" / "readme" / "code-page.png"
CRAWL = "tests/journeys/test_every_page.py"
LANGUAGES = ("en", "ja")
STYLE = """
  body { margin: 24px; font: 13px system-ui; background: #dfe3e6; color: #222 }
  h2 { margin: 24px 0 8px; font-size: 15px }
  .row { display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start }
  figure { margin: 0 } figcaption { margin-block: 4px; color: #555 }
  img { display: block; block-size: 300px; border-radius: 4px }
  img { object-fit: cover; object-position: top }
"""
PAIR_STYLE = """
  body { margin: 0; inline-size: 1280px; background: linear-gradient(#e9eef0, #dbe4e6) }
  main { display: flex; gap: 32px; justify-content: center; padding: 40px }
  img { display: block; inline-size: 584px; border-radius: 14px; box-shadow: 0 8px 30px #0002 }
"""


class Pictures:
    """The camera of a run; a pytest plugin, so that the crawl finds it as ``config.pictures``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.languages = LANGUAGES

    def pytest_configure(self, config: pytest.Config) -> None:
        """Hands itself over."""
        config.pictures = self

    def take(self, page: Page, name: str, *, size: tuple[int, int] | None = None) -> None:
        """Keeps ``<name>.png``: the whole page, or as much as a window of ``size`` shows."""
        # The modules of a page wake after it has loaded.
        page.wait_for_load_state("networkidle")
        if size:
            width, height = size
            page.emulate_media(color_scheme="light", reduced_motion="reduce")
        else:
            # As high as the page is, so that what sticks to the foot of a window lies at its end.
            width = page.viewport_size["width"]
            height = page.evaluate("document.documentElement.scrollHeight")
        before = page.viewport_size
        page.set_viewport_size({"width": width, "height": height})
        path = self.folder / f"{name}.png"
        page.screenshot(path=path, animations="disabled", caret="hide")
        page.set_viewport_size(before)


def main() -> int:
    """Returns the exit status: that of the crawl."""
    reader = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    reader.add_argument("--readme", action="store_true", help="draw the picture of the README")
    wanted = reader.parse_args()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    which = "emulator" if wanted.readme else "whole"
    status = pytest.main(["-q", "--db=sqlite", "-k", which, CRAWL], plugins=[Pictures(FOLDER)])
    from tests.browser import launched

    with sync_playwright() as playwright, launched(playwright) as browser:
        if wanted.readme:
            _pair(browser)
        else:
            _sheets(browser)
    return status


def _image(path: Path) -> str:
    data = base64.b64encode(path.read_bytes()).decode()
    return f'<img src="data:image/png;base64,{data}" alt="">'


def _pair(browser: Browser) -> None:
    """Page and telephone beside each other."""
    page = browser.new_page(viewport={"width": 1280, "height": 600})
    images = "".join(_image(FOLDER / f"pair-{one}.png") for one in ("page", "phone"))
    page.set_content(f"<style>{PAIR_STYLE}</style><main>{images}</main>")
    README_PICTURE.parent.mkdir(parents=True, exist_ok=True)
    page.locator("main").screenshot(path=README_PICTURE)
    _say(f"{README_PICTURE.relative_to(ROOT)}: {README_PICTURE.stat().st_size // 1024} kB")


def _sheets(browser: Browser) -> None:
    """``index.html`` with everything, and a PNG of it for every dozen scenes."""
    views = sorted(FOLDER.glob("*-*.png"))
    scenes = [(name, list(group)) for name, group in itertools.groupby(views, key=_scene)]
    links = "".join(_row(name, group, inline=False) for name, group in scenes)
    title = f"{len(views)} pictures of {len(scenes)} scenes"
    document = f"<!doctype html><meta charset=utf-8><title>{title}</title><style>{STYLE}</style>"
    (FOLDER / "index.html").write_text(f"{document}<h1>{title}</h1>{links}", encoding="utf-8")
    page = browser.new_page(viewport={"width": 2200, "height": 900})
    for number, part in enumerate(itertools.batched(scenes, 6), 1):
        rows = "".join(_row(name, group, inline=True) for name, group in part)
        page.set_content(f"<style>{STYLE}</style>{rows}")
        page.screenshot(path=FOLDER / f"sheet-{number:02}.png", full_page=True)
    _say(f"screenshots/index.html: {title}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _scene(path: Path) -> str:
    return path.stem.split("-en-")[0].split("-ja-")[0].removesuffix("-light").removesuffix("-dark")


def _row(name: str, views: Iterable[Path], *, inline: bool) -> str:
    figures = "".join(
        f"<figure>{_image(one) if inline else _link(one)}"
        f"<figcaption>{html.escape(one.stem)}</figcaption></figure>"
        for one in views
    )
    return f"<h2>{html.escape(name)}</h2><div class=row>{figures}</div>"


def _link(path: Path) -> str:
    return f'<a href="{path.name}"><img src="{path.name}" loading="lazy" alt=""></a>'


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
