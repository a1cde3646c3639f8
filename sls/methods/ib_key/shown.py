"""What the portal's page shows of a push that it waits for."""

from datetime import timedelta
from math import ceil
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.outbox import services as outbox
from accounts.outbox.models import Status
from accounts.vault import CannotOpen
from sls.methods.ib_key import rules, wording
from sls.methods.ib_key.models import Push
from sls.methods.ib_key.rules import State

OFFER_AFTER = timedelta(seconds=30)


def asking(push: Push | None) -> dict[str, Any]:
    """``digits`` are those to type on the phone, "" where only the response is left; ``said`` is
    how the push stands, ``again_after`` the seconds until the phone may be asked again,
    ``offer_after`` those until the page offers the response by itself."""
    if push is None:
        return {"push": None, "digits": "", "too_many": True}
    return {
        "push": push,
        "digits": _digits(push) if push.state in (State.WAITING, State.APPROVED) else "",
        "said": said(push),
        "again_after": _again_after(push),
        "offer_after": _offer_after(push),
        "too_many": False,
    }


def _again_after(push: Push) -> int:
    if push.state is not State.WAITING:
        return 0
    return rules.again_in(push.created_at, now=timezone.now())


def _offer_after(push: Push) -> int:
    """Seconds until the page offers the response by itself (C2)."""
    passed = timezone.now() - push.created_at
    return max(0, ceil((OFFER_AFTER - passed).total_seconds()))


def said(push: Push) -> str:
    """How the push stands, for the page that waits."""
    if push.state is State.APPROVED:
        return _("Approved. Going on…")
    if push.state is not State.WAITING:
        return str(wording.STATES[push.state])
    if push.seen_at is not None:
        return _("Opened on your phone.")
    return _on_its_way(push)


def _on_its_way(push: Push) -> str:
    """What became of the notification, where there is one (C2). One query."""
    named = {"name": push.device.name}
    message = outbox.latest(str(push.pk))
    if message is None:
        return _("No notification goes to %(name)s. Open IB Key there.") % named
    if message.status == Status.SENT:
        return _("Sent to %(name)s.") % named
    if message.status in (Status.FAILED, Status.UNKNOWN):
        return _("The notification may not reach %(name)s. Open IB Key there.") % named
    return _("Being sent to %(name)s.") % named


def _digits(push: Push) -> str:
    try:
        return push.shown()
    except CannotOpen:
        return ""
