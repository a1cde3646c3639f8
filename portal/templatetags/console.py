"""Tags of the support console."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext

from accounts.approvals import wording
from accounts.contacts.rules import masked_phone
from accounts.holds.models import What
from accounts.holds.wording import WHAT
from portal.activity.words import cause_of
from portal.console import places

register = template.Library()


@register.inclusion_tag("console/_places.html")
def console_places(user: Any, here: str = "") -> dict[str, Any]:
    """The places of the member of staff; ``here`` is the code of the one that is open."""
    return {"places": places.of(user), "here": here}


@register.simple_tag
def act_words(code: str) -> str:
    """An act of staff in words."""
    return wording.act(code)


@register.filter
def masked(number: str) -> str:
    """No more of a telephone number than its end."""
    return masked_phone(number)


@register.filter
def cells(result: Iterable[str], headers: list[dict[str, Any]]) -> list[str]:
    """The cells that Django's admin has written, each with its heading inside, for the eye, where
    rows are cards, and with its role, which cards would lose."""
    return [_labelled(cell, str(head["text"])) for cell, head in zip(result, headers, strict=False)]


def _labelled(cell: str, heading: str) -> str:
    opening, _end, rest = cell.partition(">")
    role = 'role="cell"' if opening.startswith("<td") else 'scope="row" role="rowheader"'
    label = format_html(
        '<span class="table__label" aria-hidden="true">{}</span>', capfirst(heading)
    )
    label = label if opening.startswith("<td") else ""
    return mark_safe(f"{opening} {role}>{label}{rest}")  # noqa: S308  (the admin has escaped it)


@register.simple_tag
def ended_words(why: str) -> str:
    """Why a sign-in ended, as staff read it."""
    return gettext("Signed in.") if why == "done" else cause_of(why) or why


@register.simple_tag
def hold_words(what: str) -> str:
    """What a hold stops."""
    return str(WHAT[What(what)])
