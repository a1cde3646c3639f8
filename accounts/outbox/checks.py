"""What must hold before a code can be sent, checked at start."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004
from django.utils import timezone

from accounts.outbox import rendering, rules
from accounts.outbox.models import Channel

ABROAD, JAPAN = "+14155550100", "+819012345678"


def text_messages(**_kwargs: Any) -> list[CheckMessage]:
    """The brand and the host must leave room for a code in one text message, in each language."""
    return [
        Error(f"PORTAL_BRAND and PUBLIC_BASE_URL are too long for one SMS: {case}.", id="outbox.E1")
        for case in _too_long()
    ]


def _too_long() -> Iterator[str]:
    now = timezone.now()
    for language, _name in settings.LANGUAGES:
        for to in (ABROAD, JAPAN):
            content = rendering.content(
                Channel.SMS,
                "security_code",
                to=to,
                language=language,
                context={"code": "000000", "reference": "AAA"},
                now=now,
                expires_at=now + timedelta(minutes=10),
            )
            if not rules.is_one_segment(content["text"]):
                yield f"language {language}, {'Japan' if to == JAPAN else 'abroad'}"


def callback_host(**_kwargs: Any) -> list[CheckMessage]:
    """Twilio takes no callback at a host name with an underscore."""
    if "_" not in settings.PUBLIC_HOST:
        return []
    return [Warning("Twilio refuses callbacks to a host name with an underscore.", id="outbox.W1")]


def certificates(**_kwargs: Any) -> list[CheckMessage]:
    """The certificates that webhooks are to trust can be read; they are not before one is sent."""
    name = settings.WEBHOOK_CA_FILE
    try:
        if name:
            ssl.create_default_context(cafile=name)
    except OSError as error:
        why = error.strerror or error
        return [Error(f"WEBHOOK_CA_FILE {name}: no certificates there ({why}).", id="outbox.E2")]
    return []


ALL = (text_messages, callback_host, certificates)
