"""Whether the portal speaks Japanese: nothing untranslated, nothing damaged by translating."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.challenges.wording import moment
from accounts.outbox import rendering, rules
from accounts.outbox.models import Channel
from tests import catalogue

WANTED = catalogue.wanted()
HOLES = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w[^>]*>|%%")


def english(message: catalogue.Message) -> str:
    return message if isinstance(message, str) else message[0]


@pytest.fixture(scope="module")
def japanese() -> dict[str, str]:
    """English to Japanese."""
    found = {}
    for one in catalogue.read():
        if one.id and not one.fuzzy and catalogue.is_translated(one.string):
            plural = isinstance(one.id, list | tuple)
            found[one.id[0] if plural else one.id] = one.string[0] if plural else one.string
    return found


@pytest.mark.parametrize("source", sorted({name for names in WANTED.values() for name in names}))
def test_every_string_has_words(japanese, source):
    missing = [english(one) for one, names in WANTED.items() if source in names]
    assert [text for text in missing if text not in japanese] == []


def test_no_string_hides_behind_a_name_that_the_catalogue_does_not_know():
    hidden = [
        f"{path}: {alias.asname}"
        for path in catalogue.files()
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.asname not in (None, "_")
    ]
    assert hidden == []


def test_nothing_is_kept_that_nobody_says(japanese):
    said = {english(message) for message in WANTED}
    assert sorted(set(japanese) - said) == []


def test_names_and_marks_survive(japanese):
    def holes(text: str) -> list[str]:
        return sorted(HOLES.findall(text))

    broken = [text for text, words in japanese.items() if holes(text) != holes(words)]
    assert broken == []


def test_is_written_in_japanese(japanese):
    names = {"SMS", "IB Key", "OK"}
    latin = [
        words
        for words in japanese.values()
        if not re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", words) and words not in names
    ]
    assert [words for words in latin if not words.startswith("Example Brokerage")] == []


def test_is_compiled(japanese):
    with catalogue.PO.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    assert len([one for one in compiled if one.id]) == len(japanese)


def test_dates_read_as_dates():
    at = timezone.datetime(2026, 11, 21, 7, 5, tzinfo=timezone.get_default_timezone())
    with translation.override("ja"):
        assert moment(at) == "11月21日 07:05 UTC"


@pytest.mark.parametrize(
    "name", sorted(path.parent.name for path in Path("templates/messages").glob("*/sms.txt"))
)
@pytest.mark.parametrize("to", ["+819012345678", "+14155550101"])
def test_text_messages_fit_into_one_segment(name, to):
    content = rendering.content(
        Channel.SMS,
        name,
        to=to,
        language="ja",
        context={
            "code": "493817",
            "days": 2,
            "card": "…0001",
            "reference": "KMP",
            "tagged_code": "KMP-493817",
            "contact": "+81 ... 78",
            "method": "SMSまたは音声通話",
            "telephone": settings.SUPPORT.telephone,
        },
        now=timezone.now(),
        expires_at=timezone.now() + timezone.timedelta(minutes=5),
    )
    assert rules.is_one_segment(content["text"])
    assert len(content["text"].encode("utf-16-le")) // 2 <= 70


@pytest.mark.parametrize(
    "url",
    [
        *("/login/", "/activate/", "/activate/resend/", "/not-a-page/"),
        *("/recover/", "/recover/device/", "/recover/name/"),
    ],
)
def test_pages_on_the_way_in_are_japanese(client, db, url):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ja"
    page = client.get(url).content.decode()
    assert '<html lang="ja">' in page
    assert words_of(page) == []


def words_of(page: str) -> list[str]:
    """English words that are left on a page, without names and what is no text."""
    main = "<main" + page.partition("<main")[2].partition("</main>")[0]
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>|[0-9a-f-]{32,}", " ", main, flags=re.S)
    kept = {"sms", "localhost", "stop", "start", "testserver"}
    return [one for one in re.findall(r"[A-Za-z]{3,}", text) if one.lower() not in kept]


def test_error_pages_are_japanese():
    with translation.override("ja"):
        for status in ("400", "403", "404", "429", "500", "503", "csrf"):
            page = render_to_string(
                f"errors/{status}.html",
                {"brand": "X", "support": settings.SUPPORT, "retry_after": 30},
            )
            assert '<html lang="ja">' in page
