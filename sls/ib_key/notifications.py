"""Do notifications reach the phone? What is known, and a test that is followed to its end."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from accounts.outbox import services as outbox
from accounts.outbox.errors import GONE
from accounts.outbox.models import Endpoint, Message, Status
from sls.methods.ib_key import services
from sls.methods.ib_key.models import IbKeyDevice


class Test(StrEnum):
    """How far a test notification has come."""

    ON_ITS_WAY = "on_its_way"
    TAKEN = "taken"  # by the push service
    SHOWN = "shown"  # by the app
    NOT_TAKEN = "not_taken"
    GONE = "gone"  # the push service knows the phone no more


ENDS = {Test.SHOWN, Test.NOT_TAKEN, Test.GONE}


@dataclass(frozen=True, slots=True)
class Check:
    """A line of the page: what was looked at, what was found, and when; ``hint`` says what to do
    where it is not good."""

    label: str
    tone: str
    found: str
    at: datetime | None = None
    hint: str = ""


def page(phone: IbKeyDevice) -> dict[str, Any]:
    """The phone, ``names`` on it, ``checks``, and the last ``test``. Three queries."""
    return {
        "phone": phone,
        "names": services.names_on(phone),
        "checks": [_active(phone), _asked(phone), _allowed(phone), _taken(phone), _shown(phone)],
        "test": tested(phone),
    }


def tested(phone: IbKeyDevice) -> dict[str, Any] | None:
    """How far the last test has come: ``said`` in words, ``tone``, ``is_over``. One query."""
    message = outbox.latest(str(phone.handle))
    if message is None:
        return None
    how = _progress(message, phone)
    return {"said": said(how), "tone": _TONES[how], "is_over": how in ENDS}


_TONES = {
    Test.ON_ITS_WAY: "notice",
    Test.TAKEN: "notice",
    Test.SHOWN: "good",
    Test.NOT_TAKEN: "warning",
    Test.GONE: "warning",
}


def _progress(message: Message, phone: IbKeyDevice) -> Test:
    seen = phone.push_seen_at
    if seen is not None and seen >= message.created_at:
        return Test.SHOWN
    if message.status == Status.SENT:
        return Test.TAKEN
    if message.status in (Status.QUEUED, Status.SENDING):
        return Test.ON_ITS_WAY
    return Test.GONE if message.error_code in GONE else Test.NOT_TAKEN


def said(how: Test) -> str:
    """The sentence for it."""
    return {
        Test.ON_ITS_WAY: _("The test is on its way to the push service of your phone."),
        Test.TAKEN: _("The push service took it. IB Key has not shown it yet: look at your phone."),
        Test.SHOWN: _("It arrived: IB Key has shown it on your phone."),
        Test.NOT_TAKEN: _("The push service did not take it. Try again in a few minutes."),
        Test.GONE: _(
            "The push service knows your phone no more. Turn notifications on again in IB Key."
        ),
    }[how]


def _active(phone: IbKeyDevice) -> Check:
    label = _("IB Key on this phone")
    if phone.disabled_at is not None:
        hint = _("Activate IB Key again on your phone.")
        return Check(label, "danger", _("Suspended"), phone.disabled_at, hint)
    return Check(label, "good", _("Active"), phone.created_at)


def _asked(phone: IbKeyDevice) -> Check:
    label = _("Requests are sent to the phone")
    if phone.seamless:
        return Check(label, "good", _("On"))
    return Check(label, "warning", _("Off"), hint=_("Only the response works. Switch it on below."))


def _allowed(phone: IbKeyDevice) -> Check:
    label, endpoint = _("Notifications are turned on in IB Key"), phone.endpoint
    hint = _("Open IB Key on the phone, choose your user name, and turn notifications on.")
    if endpoint is None:
        return Check(label, "warning", _("Off"), hint=hint)
    if endpoint.gone_at is not None:
        return Check(label, "danger", _("Ended by the phone"), endpoint.gone_at, hint)
    return Check(label, "good", _("On"), endpoint.created_at)


def _taken(phone: IbKeyDevice) -> Check:
    label, endpoint = _("Last one that the push service took"), phone.endpoint
    if endpoint is not None and _was_refused_last(endpoint):
        found = _("Refused with %(code)s") % {"code": endpoint.refused_with}
        return Check(label, "warning", found, endpoint.refused_at)
    if endpoint is None or endpoint.accepted_at is None:
        return Check(label, "", _("None yet"))
    return Check(label, "good", _("Taken"), endpoint.accepted_at)


def _was_refused_last(endpoint: Endpoint) -> bool:
    refused, accepted = endpoint.refused_at, endpoint.accepted_at
    return refused is not None and (accepted is None or refused > accepted)


def _shown(phone: IbKeyDevice) -> Check:
    label, seen = _("Last one that IB Key has shown"), phone.push_seen_at
    if seen is None:
        return Check(label, "", _("None yet"))
    taken = phone.endpoint.accepted_at if phone.endpoint else None
    if taken is not None and taken > seen:
        hint = _("The last one was taken after that: see below what holds it back.")
        return Check(label, "notice", _("Shown"), seen, hint)
    return Check(label, "good", _("Shown"), seen)
