"""What the pages of contacts show: read from the tables, nothing changed."""

from django.utils import timezone

from accounts import joined
from accounts.challenges import sending
from accounts.contacts import (
    changes,
    kinds,
    links,
    reached,
    rules,
    sim,
    undoing,
    verification,
    wording,
)
from accounts.contacts.kinds import KINDS, PHONE, Contact, Kind
from accounts.contacts.models import Change, EmailAddress
from accounts.contacts.rules import Refusal
from accounts.outbox import services as outbox
from accounts.outbox.wording import delivery


def listing(kind: Kind, user_id: int) -> dict:
    """``contacts``, ``kind``, ``most``, ``is_full``, and ``motion``: the changes that can still be
    undone, the newest first, each with its ``step``. One query, and one where there are such.

    Each contact has ``waits_until`` (too new to confirm changes) and ``barred_until`` (its SIM card
    is); None where that is not so.
    """
    now = timezone.now()
    contacts, motion = joined.read(
        reached.reading(kind, user_id), changes.reading(kind, user_id, now)
    )
    for contact in contacts:
        new = contact.trusted_from is not None and contact.trusted_from > now
        contact.waits_until = contact.trusted_from if new else None
        contact.barred_until = sim.barred_until(contact, now)
    verified = sum(contact.verified_at is not None for contact in contacts)
    return {
        "contacts": contacts,
        "kind": kind.name,
        "most": rules.MAX_OF_A_KIND,
        "is_full": verified >= rules.MAX_OF_A_KIND,
        "motion": _motion(motion),
    }


def _motion(motion: list[Change]) -> list[dict]:
    by_id = undoing.steps_of(motion)
    return [
        {"change": change, "did": wording.was_done(by_id[change.pk], whole=True)}
        for change in motion
        if change.pk in by_id
    ]


def told(token: str) -> tuple[Change, EmailAddress] | None:
    """The change that a link in a mail is about, and the address that the mail went to; None for
    what was not signed here or is kept no longer. Two queries."""
    read = links.read(token)
    if read is None:
        return None
    change = Change.objects.filter(pk=read[0]).first()
    email = EmailAddress.kept.filter(pk=read[1]).first()
    if change is None or email is None or email.user_id != change.user_id:
        return None
    return change, email


def undo_page(change: Change) -> dict:
    """What the page of a link shows to whoever opens it, in masks.

    ``refusal``: why it cannot be undone, or None; ``steps``: what was done and will be;
    ``undone_at``; ``until``; ``masked``: the contact.
    """
    now = timezone.now()
    refusal = rules.standing(now, until=change.until, undone_at=change.undone_at)
    steps = [] if refusal else undoing.steps(change, now)
    return {
        "change": change,
        "kind": KINDS[change.kind].name,
        "is_undone": refusal is Refusal.UNDONE,
        "is_over": refusal is Refusal.TOO_LATE,
        "did": [wording.was_done(step, whole=False) for step in reversed(steps)],
        "will": [wording.will_be(step, whole=False) for step in steps],
    }


def verification_page(contact: Contact) -> dict:
    """What the page of one contact shows; three queries at most.

    ``contact``, ``kind``, its open ``challenge`` or None, whether the last one ``expired``, its
    ``delivery``, when it may be sent again (``resend``, a ``Sending``; ``resend_seconds``), and
    whether ``sms`` and ``voice`` can reach it.
    """
    now = timezone.now()
    kind = kinds.of(contact)
    challenge = verification.latest(contact)
    is_open = challenge is not None and challenge.is_open(now)
    news = resend = None
    if is_open:
        latest, sends = outbox.news(str(challenge.pk), contact.value, now)
        news, resend = delivery(latest, now), sending.may_send(challenge, sends, now)
    return {
        "contact": contact,
        "kind": kind.name,
        "challenge": challenge if is_open else None,
        "expired": challenge is not None and not is_open and challenge.used_at is None,
        "delivery": news,
        "resend": resend,
        "resend_seconds": resend.seconds(now) if resend else 0,
        "sms": kind is PHONE and contact.takes_sms,
        "voice": kind is PHONE,
    }
