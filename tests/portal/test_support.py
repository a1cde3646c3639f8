"""The support record: hours in the language of the page, a number that can be pressed."""

import pytest
from django.utils import translation

from portal.support import Support


def hours(language: str) -> str:
    with translation.override(language):
        return Support.from_environment(senders=[]).hours


def test_the_hours_of_the_demo_are_in_the_language_of_the_page():
    assert hours("en") == "Sun 13:00 - Fri 18:00 New York"
    assert "ニューヨーク" in hours("ja")


@pytest.mark.parametrize(
    ("japanese", "shown"), [("", "Mon - Fri 9 - 17 Zurich"), ("平日9時から17時", "平日9時から17時")]
)
def test_own_hours_replace_those_of_the_demo_in_every_language(monkeypatch, japanese, shown):
    monkeypatch.setenv("SUPPORT_HOURS", "Mon - Fri 9 - 17 Zurich")
    monkeypatch.setenv("SUPPORT_HOURS_JA", japanese)
    assert hours("en") == "Mon - Fri 9 - 17 Zurich"
    assert hours("ja") == shown


def test_the_link_calls_the_number_without_its_blanks(monkeypatch):
    monkeypatch.setenv("SUPPORT_TELEPHONE", "+41 44 668-18-00")
    assert Support.from_environment(senders=[]).tel == "tel:+41446681800"
