"""What the pages of contacts show: read from the tables, nothing changed."""

from django.utils import timezone

from accounts.challenges import sending
from accounts.contacts import kinds, rules, services, sim, verification
from accounts.contacts.kinds import PHONE, Kind
from accounts.contacts.services import Contact
from accounts.outbox import services as outbox
from accounts.outbox.wording import delivery


def listing(kind: Kind, user_id: int) -> dict:
    """``contacts``, ``kind``, ``most``, ``is_full``. One query.

    Each contact has ``waits_until`` (too new to confirm changes) and ``barred_until`` (its SIM card
    is); None where that is not so.
    """
    now = timezone.now()
    contacts = services.listed(kind, user_id)
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
    }


def verification_page(contact: Contact) -> dict:
    """What the page of one contact shows; four queries at most.

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
        news = delivery(outbox.latest(str(challenge.pk)), now)
        resend = sending.may_send(challenge, outbox.code_sends(contact.value, now), now)
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
