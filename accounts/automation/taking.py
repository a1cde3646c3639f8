"""An event that a system reports is kept, and judged, in one transaction."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.automation import judging, rules
from accounts.automation.models import Report
from accounts.automation.rules import Kind
from accounts.client_accounts.models import ClientAccount
from accounts.origin import Origin


@dataclass(frozen=True, slots=True)
class Happened:
    """What a system reports; which of it is there depends on ``kind``."""

    id: str
    account: str
    kind: Kind
    at: datetime
    source: str = ""
    count: int | None = None
    seconds: int | None = None
    amount: Decimal | None = None
    interface: str = ""
    destination: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """``repeated`` says that it was known, ``stopped`` that it stopped somebody's automation."""

    repeated: bool = False
    stopped: bool = False


class Refusal(StrEnum):
    """Why an event is not taken."""

    ACCOUNT = "account"
    OTHER = "other"  # the id stands for something else
    LATE = rules.Untimely.LATE
    FUTURE = rules.Untimely.FUTURE


def take(happened: Happened, *, system: str, origin: Origin) -> Taken | Refusal:
    """Keeps an event of ``system`` and judges the rules of everybody on the account."""
    now = timezone.now()
    account = ClientAccount.objects.filter(number=happened.account).first()
    if account is None:
        return Refusal.ACCOUNT
    if untimely := rules.untimely(happened.at, now=now):
        return Refusal(untimely.value)
    with transaction.atomic():
        # The locks before the row: of two halves of a burst at once, the later sees the earlier.
        watches = judging.watching(account, happened.kind)
        report, is_new = Report.objects.get_or_create(
            system=system, external=happened.id, defaults=_row(happened, account, now)
        )
        if not is_new:
            return Taken(repeated=True) if report.same == _same(happened) else Refusal.OTHER
        stopped = False
        for watch in watches:
            met = judging.seen(watch, report, destination=happened.destination)
            if met is not None:
                stopped |= judging.meet(watch, met, origin=origin)
        return Taken(stopped=stopped)


def _row(happened: Happened, account: ClientAccount, now: datetime) -> dict[str, object]:
    names = ("kind", "at", "source", "count", "seconds", "amount", "interface")
    row = {name: getattr(happened, name) for name in names}
    return row | {"account": account, "received_at": now, "same": _same(happened)}


def _same(happened: Happened) -> str:
    names = ("account", "kind", "source", "count", "seconds", "amount", "interface", "destination")
    said = [happened.at.isoformat(), *(str(getattr(happened, name)) for name in names)]
    # Keyed: an account number at a bank could be guessed from its hash.
    return salted_hmac("automation.report", json.dumps(said), algorithm="sha256").hexdigest()
