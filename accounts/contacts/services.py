from datetime import timedelta

from django.db import transaction
from django.db.models import ProtectedError
from django.db.models.deletion import Collector
from django.utils import timezone

from accounts import limits, phrase
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.contacts import changes, kinds, reached, rules
from accounts.contacts.kinds import EMAIL, PHONE, Contact, Kind
from accounts.contacts.models import EmailAddress, PhoneNumber, What
from accounts.contacts.rules import Refusal
from accounts.limits import Usage
from accounts.origin import Origin
from accounts.outbox import guard
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel
from accounts.users.models import User

TEST_LIFE = timedelta(minutes=10)


def read_phone(*, user_id: int, typed: str) -> str | Refusal:
    """The number that was meant, or why it cannot be added; nothing is changed.

    A number without country code is read as one of the country of the primary number.
    """
    primary = reached.primary_phone(user_id)
    number = rules.read_phone(typed, rules.region_of(primary.number) if primary else None)
    if isinstance(number, Refusal):
        return number
    return _refusal_of_guard(number) or _refusal_of_list(PHONE, user_id, number) or number


def read_email(*, user_id: int, typed: str) -> str | Refusal:
    """The address that was meant, or why it cannot be added; nothing is changed."""
    address = rules.read_email(typed)
    if isinstance(address, Refusal):
        return address
    return _refusal_of_list(EMAIL, user_id, address) or address


def _refusal_of_guard(number: str) -> Refusal | None:
    reason = guard.refusal(number)
    if reason is None:
        return None
    return {
        guard.Reason.INVALID: Refusal.NOT_A_NUMBER,
        guard.Reason.COUNTRY: Refusal.NOT_SERVED,
        guard.Reason.PREMIUM: Refusal.PREMIUM,
        guard.Reason.SPECIAL: Refusal.NEVER_SENT_TO,
    }[reason]


def _refusal_of_list(kind: Kind, user_id: int, value: str) -> Refusal | None:
    verified = {
        getattr(row, kind.field)
        for row in kind.model.objects.filter(user_id=user_id, verified_at__isnull=False)
    }
    if value in verified:
        return Refusal.LISTED
    # Unverified ones make room for a new one, so they do not count.
    return Refusal.FULL if len(verified) >= rules.MAX_OF_A_KIND else None


def add_phone(
    *, user_id: int, typed: str, origin: Origin, suggested: bool = False
) -> PhoneNumber | Refusal:
    """Puts a number on the user's list, unverified. The same unverified number is found again.

    One that is ``suggested`` comes from support: the client takes it (``take``) before it can be
    verified.
    """
    return _add(PHONE, user_id=user_id, typed=typed, origin=origin, suggested=suggested)


def add_email(
    *, user_id: int, typed: str, origin: Origin, suggested: bool = False
) -> EmailAddress | Refusal:
    """Puts an address on the user's list, as ``add_phone`` does a number."""
    return _add(EMAIL, user_id=user_id, typed=typed, origin=origin, suggested=suggested)


def _add(
    kind: Kind, *, user_id: int, typed: str, origin: Origin, suggested: bool
) -> Contact | Refusal:
    read = read_phone if kind is PHONE else read_email
    with transaction.atomic():
        user = audit.lock(user_id)
        value = read(user_id=user_id, typed=typed)
        if isinstance(value, Refusal):
            return value
        rows = kind.model.objects.filter(user_id=user_id)
        waiting = rows.filter(**{kind.field: value}).first()
        if waiting is not None:
            if waiting.suggested and not suggested:  # the client, proven, adds it too
                _take(waiting, user=user, origin=origin)
            return waiting
        if not _make_room(kind, user=user, origin=origin):
            return Refusal.FULL
        contact = write_phone(user, value) if kind is PHONE else write_email(user, value)
        if suggested:
            contact.suggested = True
            contact.save(update_fields=["suggested"])
        change = changes.write(What.ADDED, contact)
        _record(kind.added, contact, user=user, origin=origin, change=change)
        return contact


def take(*, contact: Contact, origin: Origin) -> None:
    """The client takes what support put on their list; from now on it can be verified. The caller
    has judged the proof. Nothing happens for any other contact."""
    with transaction.atomic():
        user = audit.lock(contact.user_id)
        row = kinds.of(contact).model.objects.filter(pk=contact.pk, suggested=True).first()
        if row is not None:
            _take(row, user=user, origin=origin)


def _take(contact: Contact, *, user: User, origin: Origin) -> None:
    """The caller holds the lock."""
    contact.suggested = False
    contact.save(update_fields=["suggested"])
    detail = {kinds.of(contact).name: contact.masked}
    audit.record(Event.CONTACT_TAKEN, user=user, origin=origin, detail=detail)


def write_phone(user: User, number: str) -> PhoneNumber:
    """Writes an accepted number (E.164), unverified, with what is known of it. Records nothing."""
    return PhoneNumber.objects.create(
        user=user,
        number=number,
        line_type=rules.line_type(number),
        opted_out_at=_opted_out_at(number),
        created_at=timezone.now(),
    )


def write_email(user: User, address: str) -> EmailAddress:
    """Writes an accepted address, unverified. Records nothing."""
    return EmailAddress.objects.create(user=user, address=address, created_at=timezone.now())


def _make_room(kind: Kind, *, user: User, origin: Origin) -> bool:
    """Drops the oldest unverified contacts until there is a place; says whether there is."""
    rows = list(kind.model.objects.filter(user=user).order_by("created_at"))
    for row in [row for row in rows if row.verified_at is None]:
        if len(rows) < rules.MAX_OF_A_KIND:
            break
        if _is_free(row):
            kind.model.objects.filter(pk=row.pk).delete()
            rows.remove(row)
            _record(kind.removed, row, user=user, origin=origin)
    return len(rows) < rules.MAX_OF_A_KIND


def _opted_out_at(number: str):
    """STOP was sent from the telephone, whichever user's list it is or was on."""
    told = PhoneNumber.kept.filter(number=number, opted_out_at__isnull=False).first()
    return told.opted_out_at if told else None


def _record(
    event: Event,
    contact: Contact,
    *,
    user: User,
    origin: Origin,
    **note: object,
) -> None:
    kind = kinds.of(contact)
    audit.record(
        event,
        user=user,
        origin=origin,
        detail={kind.name: contact.masked},
        note={kind.name: contact, **note},
    )


def make_primary(*, contact: Contact, origin: Origin) -> Refusal | None:
    """Codes and alerts go to ``contact`` first from now on. Returns None when that is so."""
    kind = kinds.of(contact)
    with transaction.atomic():
        user = audit.lock(contact.user_id)
        rows = kind.model.objects.filter(user_id=contact.user_id)
        contact = rows.filter(pk=contact.pk).first()
        if contact is None:
            return Refusal.GONE
        if contact.verified_at is None:
            return Refusal.UNVERIFIED
        if contact.primary:
            return None
        old = rows.filter(primary=True).first()
        rows.filter(primary=True).update(primary=False)
        contact.primary = True
        contact.save(update_fields=["primary"])
        _record(
            kind.made_primary,
            contact,
            user=user,
            origin=origin,
            old=old,
            session=origin.session,
            change=changes.write(What.PRIMARY, contact, former=old),
        )
        return None


def remove(*, contact: Contact, origin: Origin) -> Refusal | None:
    """Takes ``contact`` off the list. Returns None when it is gone.

    A verified one is kept, unseen, for as long as that can be undone. A number that an
    authenticator is bound to is protected by the database, and the primary contact by this rule.
    """
    kind = kinds.of(contact)
    with transaction.atomic():
        user = audit.lock(contact.user_id)
        contact = kind.model.objects.filter(user_id=contact.user_id, pk=contact.pk).first()
        if contact is None:
            return Refusal.GONE
        if refusal := refusal_to_remove(contact):
            return refusal
        if not _is_free(contact):
            return Refusal.IN_USE
        if contact.verified_at is None:
            kind.model.objects.filter(pk=contact.pk).delete()
            _record(kind.removed, contact, user=user, origin=origin)
            return None
        contact.removed_at = timezone.now()
        contact.save(update_fields=["removed_at"])
        change = changes.write(What.REMOVED, contact)
        _record(kind.removed, contact, user=user, origin=origin, change=change)
        return None


def refusal_to_remove(contact: Contact) -> Refusal | None:
    """Why ``contact`` stays, as far as its own row tells."""
    if not contact.primary:
        return None
    return Refusal.IN_USE if kinds.of(contact) is PHONE else Refusal.PRIMARY


def _is_free(contact: Contact) -> bool:
    """Whether nothing that signs in hangs on the row: asks what deleting it would run into."""
    try:
        Collector(using=contact._state.db, origin=contact).collect([contact])
    except ProtectedError:
        return False
    return True


def send_test(*, phone: PhoneNumber, origin: Origin) -> Refusal | Usage:
    """Queues a test message. A ``Usage`` that is ``over`` says when the next one may be sent."""
    if phone.verified_at is None:
        return Refusal.UNVERIFIED
    if refusal := reached.no_text(phone):
        return refusal
    for rate, key in (
        ("test_messages_per_user", str(phone.user_id)),
        ("sends_per_address", origin.network),
    ):
        usage = limits.take(rate, key)
        if usage.over:
            return usage
    with transaction.atomic():
        user = audit.lock(phone.user_id)
        outbox.enqueue(
            user=user,
            channel=Channel.SMS,
            name="test_message",
            to=phone.number,
            language=user.language,
            context={},
            expires_at=timezone.now() + TEST_LIFE,
            phrase=phrase.of(user),
        )
        _record(Event.TEST_MESSAGE_SENT, phone, user=user, origin=origin)
    return Usage(False, 0)
