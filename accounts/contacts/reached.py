"""How a user is reached: their contacts as other rooms ask for them. Nothing is changed here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import joined
from accounts.contacts import rules, sim
from accounts.contacts.kinds import PHONE, Contact, Kind
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.contacts.rules import Refusal
from accounts.joined import Read, first
from accounts.outbox import endpoints
from accounts.prepared import prepared


def no_text(phone: PhoneNumber) -> Refusal | None:
    """Why text messages do not reach this number, None if they may."""
    if phone.takes_sms:
        return None
    return Refusal.OPTED_OUT if phone.opted_out_at else Refusal.NO_TEXT


def refusal_of_texts(*, user_id: int, number: str) -> Refusal | None:
    """Why text messages do not reach a number of the user, None if they may. One query."""
    phone = PhoneNumber.objects.filter(user_id=user_id, number=number).first()
    return no_text(phone) if phone else None


def listed(kind: Kind, user_id: int) -> list[Contact]:
    """The user's contacts of a kind: the primary one first, then as they were added. One query."""
    return reading(kind, user_id).alone()


def reading(kind: Kind, user_id: int) -> Read[list[Contact]]:
    """``listed``, to be read along with something else."""
    return Read(_phones if kind is PHONE else _emails, {"user_id": user_id})


def reading_primary(user_id: int) -> tuple[Read[EmailAddress | None], Read[PhoneNumber | None]]:
    """``primary_email`` and ``primary_phone``, to be read along with something else."""
    whose = {"user_id": user_id}
    return Read(_primary_email, whose, first), Read(_primary_phone, whose, first)


@prepared
def _phones(user_id: int) -> QuerySet[PhoneNumber]:
    return PhoneNumber.objects.filter(user_id=user_id).order_by("-primary", "created_at")


@prepared
def _emails(user_id: int) -> QuerySet[EmailAddress]:
    return EmailAddress.objects.filter(user_id=user_id).order_by("-primary", "created_at")


def primary_phone(user_id: int) -> PhoneNumber | None:
    """The number that security codes go to. One query."""
    return _primary_phone.first(user_id=user_id)


@prepared
def _primary_phone(user_id: int) -> QuerySet[PhoneNumber]:
    return PhoneNumber.objects.filter(user_id=user_id, primary=True)


def first_phone(user_id: int) -> PhoneNumber | None:
    """The number on file, verified or not, for a first enrolment. One query."""
    own = PhoneNumber.objects.filter(user_id=user_id, suggested=False)
    return own.order_by("-primary", "created_at").first()


def primary_email(user_id: int) -> EmailAddress | None:
    """The address that mail goes to. One query."""
    return _primary_email.first(user_id=user_id)


@prepared
def _primary_email(user_id: int) -> QuerySet[EmailAddress]:
    return EmailAddress.objects.filter(user_id=user_id, primary=True)


def addresses_to_tell(user_id: int) -> list[str]:
    """Every verified e-mail address: who hears of a change. One query."""
    return [email.address for email in emails_to_tell(user_id)]


def emails_to_tell(user_id: int) -> list[EmailAddress]:
    """The same as rows. One query."""
    return _emails_to_tell(user_id=user_id)


@prepared
def _emails_to_tell(user_id: int) -> QuerySet[EmailAddress]:
    verified = EmailAddress.objects.filter(user_id=user_id, verified_at__isnull=False)
    return verified.order_by("-primary", "created_at")


@dataclass(frozen=True, slots=True)
class ToTell:
    """Where an owner is told: verified addresses, the number that codes go to, and the ids of where
    notifications go."""

    emails: list[EmailAddress]
    phone: PhoneNumber | None
    endpoints: list[UUID]


def to_tell(user_id: int) -> ToTell:
    """``emails_to_tell``, ``primary_phone`` and ``outbox.endpoints.of`` in one query."""
    whose = {"user_id": user_id}
    return ToTell(
        *joined.read(
            Read(_emails_to_tell, whose),
            Read(_primary_phone, whose, first),
            endpoints.reading(user_id),
        )
    )


def trusted_email(user_id: int) -> EmailAddress | None:
    """The address that takes part in a proof of identity now: the primary one, or the oldest, of
    those that are not new. Whoever added or changed one lately may not be its owner. One query."""
    return next(_trusted_emails(user_id), None)


def is_trusted_email(*, user_id: int, address: str) -> bool:
    """Whether an address may still take part in a proof of identity. One query."""
    return any(email.address == address for email in _trusted_emails(user_id))


def _trusted_emails(user_id: int) -> Iterator[EmailAddress]:
    now = timezone.now()
    for email in emails_to_tell(user_id):
        if rules.is_old_side(changed_at=now, trusted_from=email.trusted_from):
            yield email


def numbers_to_tell(user_id: int) -> list[PhoneNumber]:
    """Every verified telephone number, the primary one first. One query."""
    verified = PhoneNumber.objects.filter(user_id=user_id, verified_at__isnull=False)
    return list(verified.order_by("-primary", "created_at"))


def trusted_phones(user_id: int) -> list[PhoneNumber]:
    """The numbers that may confirm a sensitive change now, the primary one first. One query.

    One whose SIM card changed lately may not.
    """
    trusted = _trusted(user_id)
    return list(trusted.order_by("-primary", "created_at"))


def still_trusted(*, user_id: int, number: str) -> Exists:
    """Whether a number is among ``trusted_phones``, for a filter."""
    return Exists(_trusted(user_id).filter(number=number))


def _trusted(user_id: int) -> QuerySet[PhoneNumber]:
    now = timezone.now()
    phones = sim.settled(PhoneNumber.objects.filter(user_id=user_id), now)
    return phones.filter(verified_at__isnull=False, trusted_from__lte=now)


def is_new(now: datetime, since: datetime) -> ExpressionWrapper:
    """In a query of users: whether one of their contacts confirms nothing yet at ``now``, or a SIM
    card of theirs changed after ``since``."""
    phones = PhoneNumber.objects.filter(user=OuterRef("pk"))
    emails = EmailAddress.objects.filter(user=OuterRef("pk"))
    recent = Q(trusted_from__gt=now) | Q(sim_swapped_at__gt=since)
    found = Q(Exists(phones.filter(recent))) | Q(Exists(emails.filter(trusted_from__gt=now)))
    return ExpressionWrapper(found, output_field=BooleanField())


def new_contact_wait() -> timedelta:
    """How long after its verification a new contact confirms nothing (CONTRACT 6)."""
    return timedelta(hours=settings.NEW_CONTACT_HOURS)
