"""What was stopped and when, to be kept and printed; and the short-lived address of it that needs
no session, because the freeze has just ended that."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import references
from accounts.freeze.models import Freeze, Part
from accounts.users.models import User

SALT = "accounts.freeze.receipt"


@dataclass(frozen=True, slots=True)
class Line:
    """One step: what it was, how many there were (None of what is not counted), and when."""

    what: str | Promise
    count: int | None
    at: datetime


def path(made: Freeze) -> str:
    """The address of the receipt for whoever has just acted, or has been shown it by us."""
    signed = signing.TimestampSigner(salt=SALT).sign(made.reference)
    return reverse("freeze_receipt", args=[signed])


def find(key: str, *, user: User) -> Freeze | None:
    """The freeze of a signed address that is not over, or by its reference for its own user.

    ``user`` is whoever is signed in, if anybody. One query.
    """
    reference = _signed(key)
    found = Freeze.objects.select_related("user", "about")
    if reference is not None:
        return found.filter(reference=reference).first()
    reference = references.read(key)
    if reference is None or not user.is_authenticated:
        return None
    return found.filter(reference=reference, user_id=user.pk).first()


def _signed(key: str) -> str | None:
    life = timedelta(minutes=settings.FREEZE_RECEIPT_MINUTES)
    try:
        return signing.TimestampSigner(salt=SALT).unsign(key, max_age=life)
    except signing.BadSignature:
        return None


def is_over(key: str) -> bool:
    """Whether it was signed here, and its time is over."""
    try:
        signing.TimestampSigner(salt=SALT).unsign(key)
    except signing.BadSignature:
        return False
    return _signed(key) is None


def lines(made: Freeze) -> list[Line]:
    """In the order in which it was done."""
    labels = dict(Part.choices)
    counted = [
        Line(labels[part], count, datetime.fromisoformat(at)) for part, count, at in made.steps
    ]
    return [
        Line(_("Nothing lets in any more"), None, made.at),
        *sorted(counted, key=lambda line: line.at),
        Line(_("Withdrawals, bank instructions and settings held"), None, counted[-1].at),
    ]
