"""A message in the words of its receiver, from the folder ``templates/messages/<name>/``.

The content is made when the message is queued and sealed with it: ``{"text"}`` for a text message,
``{"greeting", "lines", "reference", "says"}`` for a call (``says`` is what it says after an answer,
where it asks something), ``{"subject", "text", "html"}`` for an e-mail,
``{"kind", "id", "text"}`` for a notification, which stands on a locked screen and says no more
than that something happened: neither phrase nor name nor number; ``{"text"}`` for a webhook, which
programs read.
The client's own phrase (``accounts/phrase.py``) is put in here, into every message by every
other channel: whoever queues one says whether its receiver may see it. Templates get the caller's
context, ``brand``, ``host``, ``site``, ``support``, ``minutes`` (of life left), ``phrase`` and,
where there is a code, ``tagged_code`` ("KMP-493817") and its spelling for the ear.
"""

import logging
import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts import codes
from accounts.outbox import rules
from accounts.outbox.models import Channel
from accounts.support import record

JAPAN = "+81"
ANY_SMS = "messages/_sms.txt"  # of an alert that has no text message of its own
ANY_PUSH = "messages/_push.txt"

log = logging.getLogger(__name__)


def content(
    channel: Channel,
    name: str,
    *,
    to: str,
    language: str,
    context: dict[str, Any],
    now: datetime,
    expires_at: datetime,
    phrase: str = "",
) -> dict[str, Any]:
    """What is to be sent, in ``language``, with the client's ``phrase`` if there is one."""
    full = {"phrase": phrase} | _common(to, now, expires_at) | _spelt(context) | context
    with translation.override(language):
        return _RENDERERS[channel](f"messages/{name}", full)


def _common(to: str, now: datetime, expires_at: datetime) -> dict[str, Any]:
    return {
        "brand": settings.PORTAL_BRAND,
        "host": settings.PUBLIC_HOST,
        # As the address bar shows it, with the port if there is one.
        "site": settings.PUBLIC_BASE_URL.partition("://")[2],
        "support": SimpleLazyObject(record.current),
        "minutes": rules.minutes_left(now, expires_at),
        # Carriers in Japan filter text messages that hold an address of the web.
        "to_japan": to.startswith(JAPAN),
    }


def _spelt(context: dict[str, Any]) -> dict[str, str]:
    code, reference = context.get("code", ""), context.get("reference", "")
    # Digits stay digits in every language: Japanese voices read 4, 7 and 9 unmistakably, and
    # a row of words would run together.
    return {
        "spelt_code": codes.spelt(code),
        "spelt_reference": codes.spelt(reference),
        "tagged_code": f"{reference}-{code}" if reference else code,
    }


def _sms(folder: str, context: dict[str, Any]) -> dict[str, Any]:
    """The fullest text that is one segment, with the phrase where there is room for it.

    ``brief`` leaves out everything but the sender, the fact or code, and the last line.
    """
    text = ""
    for brief in (False, True):
        full = {**context, "brief": brief}
        text = render_to_string([f"{folder}/sms.txt", ANY_SMS], full).strip()
        for said in (_with_phrase(text, context["phrase"]), text):
            if rules.is_one_segment(said):
                return {"text": said}
    # A code in two parts is still better than none; the check at start forbids it.
    log.error("%s does not fit into one text message", folder)
    return {"text": text}


def _with_phrase(text: str, phrase: str) -> str:
    """Behind what the text says, before the last line that binds a code to the site."""
    if not phrase:
        return text
    said, empty_line, bound = text.partition("\n\n")
    return f"{said} {_your(phrase)}{empty_line}{bound}"


def _your(phrase: str) -> str:
    return _("Your phrase: %(phrase)s") % {"phrase": phrase}


def _voice(folder: str, context: dict[str, Any]) -> dict[str, Any]:
    """One sentence a line; what stands above the first empty line is said before a key."""
    text = render_to_string(f"{folder}/voice.txt", context).strip()
    greeting, _empty, rest = text.partition("\n\n")
    who, *more = _sentences(greeting)
    # Said before a key is pressed: whoever picks up hears first that it is not a swindler.
    phrase = [f"{_your(context['phrase'])}."] if context["phrase"] else []
    return {
        "greeting": [who, *phrase, *more],
        "lines": _sentences(rest),
        "reference": context.get("reference", ""),
        "says": _after(folder, context),
    }


def _after(folder: str, context: dict[str, Any]) -> dict[str, list[str]]:
    """What a call that asks says next, by what became of the answer: paragraphs, each behind a line
    with its word and a colon."""
    try:
        text = render_to_string(f"{folder}/after.txt", context).strip()
    except TemplateDoesNotExist:
        return {}
    parts = [_sentences(part) for part in re.split(r"\n\s*\n", text)]
    return {word.removesuffix(":"): lines for word, *lines in parts}


def _sentences(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _email(folder: str, context: dict[str, Any]) -> dict[str, Any]:
    subject = render_to_string(f"{folder}/subject.txt", context)
    try:
        html = render_to_string(f"{folder}/email.html", context)
    except TemplateDoesNotExist:
        html = ""
    return {
        "subject": " ".join(subject.split()),
        "text": re.sub(r"\n{3,}", "\n\n", render_to_string(f"{folder}/email.txt", context)).strip(),
        "html": html,
    }


def _push(folder: str, context: dict[str, Any]) -> dict[str, Any]:
    """``kind`` is "approval", "alert" or "test"; ``id`` lets the app tell two of a kind apart."""
    text = render_to_string([f"{folder}/push.txt", ANY_PUSH], context)
    return {"kind": context["kind"], "id": context["id"], "text": " ".join(text.split())}


def _hook(_folder: str, context: dict[str, Any]) -> dict[str, Any]:
    """For programs: nothing is put into words."""
    return {"text": context["text"]}


_RENDERERS = {
    Channel.SMS: _sms,
    Channel.VOICE: _voice,
    Channel.EMAIL: _email,
    Channel.PUSH: _push,
    Channel.HOOK: _hook,
}
