"""Verifying a contact by a code that is sent to it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import codes
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges import sending, wording
from accounts.challenges import services as challenges
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Outcome, Sending, Verdict
from accounts.challenges.wording import Problem
from accounts.contacts import changes, kinds
from accounts.contacts.kinds import EMAIL, Contact
from accounts.contacts.reached import new_contact_wait, primary_email
from accounts.origin import Origin
from accounts.outbox.models import Channel


def latest(contact: Contact) -> Challenge | None:
    """The last challenge that was opened for this contact. One query."""
    opened = Challenge.objects.filter(
        user_id=contact.user_id, purpose=Purpose.CONTACT, bound_to=_binding(contact)
    )
    return opened.order_by("-created_at").first()


def _binding(contact: Contact) -> str:
    return f"{kinds.of(contact).name}:{contact.pk}"


def send_code(*, contact: Contact, channel: Channel, origin: Origin) -> Sending:
    """Sends the code of the open challenge again, or opens one and sends its first.

    Sent when the ``bar`` of what is returned is None. Raises ``ValueError`` for a contact that
    support put on the list and the client has not taken.
    """
    if contact.suggested:
        raise ValueError("nothing goes to a contact that its owner has not taken")
    with transaction.atomic():
        user = audit.lock(contact.user_id)
        challenge = latest(contact)
        repeats = challenge is not None and challenge.is_open(timezone.now())
        if not repeats:
            challenge = _open(contact)
        decided = sending.send_code(challenge, user=user, channel=channel, origin=origin)
        if decided.bar is None:
            audit.record(
                Event.CODE_RESENT if repeats else Event.CODE_SENT,
                user=user,
                origin=origin,
                detail={"channel": channel.value, "to": contact.masked},
            )
        elif not repeats:
            challenge.delete()
    return decided


def _open(contact: Contact) -> Challenge:
    kind = kinds.of(contact)
    return challenges.open_challenge(
        user_id=contact.user_id,
        purpose=Purpose.CONTACT,
        method="email" if kind is EMAIL else "sms",
        bound_to=_binding(contact),
        destination=contact.value,
        life=timedelta(seconds=getattr(settings, kind.life_setting)),
        tries=settings.TRIES_PER_CHALLENGE,
        code=codes.numeric(codes.CODE_LENGTH),
        with_reference=True,
    )


def confirm(*, contact: Contact, text: str, origin: Origin) -> Problem | None:
    """Takes a typed code. Returns None when the contact is verified now.

    Must not be called inside a transaction: a wrong answer is counted for good.
    """
    challenge = latest(contact)
    if challenge is None:
        return wording.of_verdict(Verdict(Outcome.EXPIRED), settings.TRIES_PER_CHALLENGE)
    typed = codes.read(text, length=codes.CODE_LENGTH)
    if problem := wording.misread(typed, codes.CODE_LENGTH, challenge.reference):
        return problem
    verdict = challenges.answer(challenge.pk, typed.digits)
    if not verdict.is_ok:
        return wording.of_verdict(verdict, settings.TRIES_PER_CHALLENGE)
    if not _verified(contact, now=timezone.now(), origin=origin):
        # Removed, or its adding undone, while the code was typed.
        return wording.of_verdict(Verdict(Outcome.EXPIRED), settings.TRIES_PER_CHALLENGE)
    return None


def _verified(contact: Contact, *, now: datetime, origin: Origin) -> bool:
    """Says whether the contact is still there."""
    kind = kinds.of(contact)
    with transaction.atomic():
        user = audit.lock(contact.user_id)
        row = kind.model.objects.filter(pk=contact.pk, user_id=contact.user_id).first()
        if row is None or row.suggested:
            return False
        again = row.verified_at is not None
        # Verified again: the date moves, the day from which it is trusted does not.
        row.trusted_from = row.trusted_from or now + new_contact_wait()
        row.verified_at = now
        if kind is EMAIL and primary_email(user.pk) is None:
            row.primary = True
        row.save(update_fields=["verified_at", "trusted_from", "primary"])
        audit.record(
            kind.verified,
            user=user,
            origin=origin,
            detail={kind.name: row.masked},
            note={
                kind.name: row,
                "again": again,
                "change": None if again else changes.renew(row),
            },
        )
    return True
