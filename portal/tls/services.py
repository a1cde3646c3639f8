import time
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from redis.exceptions import RedisError

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import SYSTEM
from portal.tls import looking, rules, telling
from portal.tls.rules import Facts, Weak

KEPT = "tls:facts"
TOLD = "tls:told"
DAY = 86_400
FRESH = 300.0  # seconds that a process believes what it has read
log = structlog.get_logger("portal.tls")
_read: list[Any] = [0.0, None]


def watch() -> list[Weak]:
    """Looks at the public address, keeps what visitors see, and tells of what is weak: by mail and
    in the record once a finding, in the log once a day. Nothing for an address without TLS."""
    parts = urlsplit(settings.PUBLIC_BASE_URL)
    if parts.scheme != "https" or not parts.hostname:
        return []
    try:
        facts = looking.look(parts.hostname, parts.port or 443)
    except OSError as error:
        log.warning("tls_unreachable", reason=type(error).__name__)
        return []
    keep(facts)
    weak = rules.weaknesses(facts, now=timezone.now())
    tell(facts, weak)
    if weak and cache.add(TOLD, 1, DAY):
        names = [one.value for one in weak]
        log.error("tls_weak", weak=names, protocol=facts.protocol, cipher=facts.cipher)
    return weak


def keep(facts: Facts) -> None:
    """For the sign-in page."""
    told = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(facts).items()
    }
    cache.set(KEPT, told | {"old": list(facts.old)}, 2 * DAY)


def tell(facts: Facts, weak: list[Weak]) -> None:
    """Into the record of the system, with a mail to the security officers, when something else is
    weak than was told last; that nothing is any more is written down and not mailed."""
    found = [one.value for one in weak]
    with transaction.atomic():
        audit.lock_system()  # of two looks at once one tells
        known = Entry.objects.filter(user=None, event__in=(Event.TLS_WEAK, Event.TLS_WELL))
        last = known.order_by("-number").first()
        is_known = last is not None and last.event == Event.TLS_WEAK
        if found == (last.detail["weak"] if is_known else []):
            return
        event = Event.TLS_WEAK if weak else Event.TLS_WELL
        detail = {"weak": found, "ends": facts.ends.isoformat()}
        entry = audit.record(event, user=None, origin=SYSTEM, actor="system", detail=detail)
        if weak:
            telling.mail(facts, weak, entry=entry)


def shown() -> dict[str, Any] | None:
    """Issuer, end and start of the fingerprint of the certificate, as they were seen last; None
    where nobody has looked. At most one read of the cache in some minutes."""
    if not settings.HTTPS and not _read[1]:
        return None
    if time.monotonic() - _read[0] > FRESH:
        try:
            _read[:] = [time.monotonic(), cache.get(KEPT)]
        except RedisError:
            return None  # the page is there without it
    if _read[1] is None:
        return None
    kept = _read[1]
    digits = kept["fingerprint"][:16]
    return {
        "issuer": kept["issuer"],
        "ends": datetime.fromisoformat(kept["ends"]),
        "fingerprint": " ".join(digits[at : at + 4] for at in range(0, len(digits), 4)),
    }
