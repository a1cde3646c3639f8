"""A message in the words of its receiver, from the folder ``templates/messages/<name>/``.

The content is made when the message is queued and sealed with it: ``{"text"}`` for a text message,
``{"greeting", "lines", "reference"}`` for a call, ``{"subject", "text", "html"}`` for an e-mail.
Templates get the caller's context, ``brand``, ``host``, ``site``, ``support``, ``minutes`` (of
life left) and, where there is a code, ``tagged_code`` ("KMP-493817") and its spelling for the ear.
"""

import logging
import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import translation

from accounts import codes
from accounts.outbox import rules
from accounts.outbox.models import Channel

JAPAN = "+81"

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
) -> dict[str, Any]:
    """What is to be sent, rendered in ``language``."""
    full = _common(to, now, expires_at) | _spelt(context) | context
    with translation.override(language):
        return _RENDERERS[channel](f"messages/{name}", full)


def _common(to: str, now: datetime, expires_at: datetime) -> dict[str, Any]:
    return {
        "brand": settings.PORTAL_BRAND,
        "host": settings.PUBLIC_HOST,
        # As the address bar shows it, with the port if there is one.
        "site": settings.PUBLIC_BASE_URL.partition("://")[2],
        "support": settings.SUPPORT,
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
    text = render_to_string(f"{folder}/sms.txt", context).strip()
    if not rules.is_one_segment(text):
        # ``brief`` leaves out everything but the sender, the code and the last line.
        text = render_to_string(f"{folder}/sms.txt", {**context, "brief": True}).strip()
    if not rules.is_one_segment(text):
        # A code in two parts is still better than none; the check at start forbids it.
        log.error("%s does not fit into one text message", folder)
    return {"text": text}


def _voice(folder: str, context: dict[str, Any]) -> dict[str, Any]:
    """One sentence a line; what stands above the first empty line is said before a key."""
    text = render_to_string(f"{folder}/voice.txt", context).strip()
    greeting, _, rest = text.partition("\n\n")
    return {
        "greeting": _sentences(greeting),
        "lines": _sentences(rest),
        "reference": context.get("reference", ""),
    }


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


_RENDERERS = {Channel.SMS: _sms, Channel.VOICE: _voice, Channel.EMAIL: _email}
