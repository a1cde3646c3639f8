"""What staff note about a number that the carrier did not say, or said wrongly."""

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.contacts.models import LineType, PhoneNumber
from accounts.origin import Origin
from accounts.users.models import User


def mark(
    *, user: User, pk: int, line_type: LineType, refuses_sms: bool, origin: Origin, actor: str
) -> bool:
    """Notes what the number takes; False when it is not on the list. An opt-out (STOP) is not
    touched: only the owner takes that back. The caller holds the user's lock."""
    phone = PhoneNumber.objects.filter(user=user, pk=pk).first()
    if phone is None:
        return False
    phone.line_type, phone.sms_refused_by_carrier = line_type, refuses_sms
    phone.save(update_fields=["line_type", "sms_refused_by_carrier"])
    detail = {"phone": phone.masked, "line": line_type.value, "no_sms": refuses_sms}
    audit.record(Event.NUMBER_MARKED, user=user, origin=origin, actor=actor, detail=detail)
    return True
