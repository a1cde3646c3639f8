"""The tags that draw what every page repeats."""

from datetime import timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone, translation
from lucide import IconDoesNotExist


def rendered(source: str, **context: object) -> str:
    return Template("{% load look %}" + source).render(Context(context))


def test_an_icon_is_hidden_from_readers_and_carries_no_inline_style():
    drawing = rendered('{% icon "house" 20 %}')
    assert 'aria-hidden="true"' in drawing
    assert 'width="20"' in drawing
    assert "style=" not in drawing


def test_a_mistyped_icon_is_found_when_the_template_is_compiled():
    with pytest.raises(IconDoesNotExist):
        Template('{% load look %}{% icon "no-such-icon" 20 %}')


def test_a_still_component_follows_its_arguments():
    source = '{% still "components/places.html" here=here %}'
    home, help_page = rendered(source, here="home"), rendered(source, here="help")
    assert home != help_page
    assert rendered(source, here="home") == home


def test_a_still_component_follows_the_language():
    source = '{% still "components/state.html" text=text %}'
    with translation.override("ja"):
        assert "確認済み" in rendered(source, text="確認済み")
    with translation.override("en"):
        assert "Verified" in rendered(source, text="Verified")


def test_a_still_component_escapes_what_it_is_given():
    source = '{% still "components/state.html" text=text %}'
    assert "<b>" not in rendered(source, text="<b>")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "just now"), (59, "just now"), (200, "3 minutes ago"), (90_000, "1 day ago")],
)
def test_a_moment_is_told_as_how_long_ago_it_was(seconds, words):
    at = timezone.now() - timedelta(seconds=seconds)
    assert rendered("{{ at|ago }}", at=at).replace("\xa0", " ") == words
