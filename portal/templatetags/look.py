"""Tags of the look: drawn once, because every page draws the same icons and places again."""

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context, Node, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, TextNode, Token, token_kwargs
from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext
from lucide.templatetags.lucide import lucide

register = template.Library()


@register.tag
def icon(parser: Parser, token: Token) -> TextNode:
    """``{% icon "house" 20 %}``: a lucide icon of 20 px, hidden from readers.

    Put in when the template is compiled; raises ``lucide.IconDoesNotExist`` there.
    """
    try:
        _, name, size = token.split_contents()
    except ValueError:
        raise TemplateSyntaxError('icon takes a name and a size: {% icon "house" 20 %}') from None
    return TextNode(lucide(name.strip("\"'"), size=int(size), aria_hidden="true"))


@register.filter
def ago(at: datetime) -> str:
    """How long ago that was, in its greatest unit; "just now" within a minute."""
    span = timezone.now() - at
    if span < timedelta(minutes=1):
        return gettext("just now")
    return gettext("%(span)s ago") % {"span": timesince(at, depth=1)}


@register.filter
def marked(text: str) -> SafeString:
    """Paragraphs with ``**strong**`` and ```code``` of a plain text; everything else is escaped."""
    escaped = escape(text.strip())
    strong = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escaped)
    coded = re.sub(r"`(.+?)`", r"<code>\1</code>", strong)
    parts = "".join(f"<p>{part}</p>" for part in coded.split("\n\n"))
    return mark_safe(parts)  # noqa: S308  (escaped before)


@register.tag
def still(parser: Parser, token: Token) -> Node:
    """``{% still "components/places.html" here="home" %}``: an include that is kept in memory.

    Only for a component whose output depends on the language and on hashable arguments of which
    there are few: never on the request, the person or the time.
    """
    _, name, *rest = token.split_contents()
    return StillNode(name.strip("\"'"), token_kwargs(rest, parser))


class StillNode(Node):
    def __init__(self, name: str, arguments: dict[str, FilterExpression]) -> None:
        self.name = name
        self.arguments = arguments

    def render(self, context: Context) -> SafeString:
        values = tuple((key, value.resolve(context)) for key, value in self.arguments.items())
        return _kept(self.name, get_language() or "", values)


@lru_cache(maxsize=256)
def _kept(name: str, language: str, values: tuple[tuple[str, Any], ...]) -> SafeString:
    return mark_safe(get_template(name).render(dict(values)))  # noqa: S308  (rendered, escaped)
