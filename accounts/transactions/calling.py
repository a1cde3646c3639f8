"""Asking about a transaction by an automatic call, and what its keys mean.

"Not mine" counts at once: it only takes rights away, and so does stopping everything behind it.
"Mine" is written down and lets nothing go on: whoever holds the telephone, or had its calls
diverted, is not proven to be the client. They confirm it signed in, or staff release it after they
have proven themselves in a conversation.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import limits, phrase
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.contacts.reached import primary_phone, trusted_phones
from accounts.freeze import services as freezes
from accounts.freeze.models import How, Trading
from accounts.origin import Origin
from accounts.outbox import guard
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel, Message, Status
from accounts.transactions import rules, services, spoken
from accounts.transactions.models import Transaction
from accounts.transactions.rules import State
from accounts.users.models import User
from accounts.users.two import are_one

MESSAGE = "transaction_question"
CALL_LIFE = timedelta(minutes=10)
TELEPHONE = Origin(platform="telephone")
_UNDER_WAY = {Status.QUEUED, Status.SENDING, Status.SENT, Status.UNKNOWN}


def call(*, made: Transaction, staff: User, origin: Origin) -> str | rules.Silent:
    """Has the client asked by a call to their primary number, which is verified, not new and has
    an old SIM card; returns that number masked, or why nobody is called. Raises
    ``services.OwnTransaction``."""
    with transaction.atomic():
        user = audit.lock(made.user_id)
        if are_one(user, staff):
            raise services.OwnTransaction
        made.refresh_from_db()
        if made.state is not State.WAITING:
            return rules.Silent.ANSWERED
        phone = primary_phone(user.pk)
        trusted = {one.number for one in trusted_phones(user.pk)}
        if phone is None or phone.number not in trusted or guard.refusal(phone.number):
            return rules.Silent.NO_NUMBER
        if _is_calling(made):
            return rules.Silent.CALLING
        if limits.take("transaction_calls_per_user", str(user.pk)).over:
            return rules.Silent.TOO_OFTEN
        outbox.enqueue(
            user=user,
            channel=Channel.VOICE,
            name=MESSAGE,
            to=phone.number,
            language=user.language,
            context=spoken.context(made, user.language),
            about=_about(made),
            sensitive=True,
            expires_at=min(made.expires_at, timezone.now() + CALL_LIFE),
            phrase=phrase.of(user),
        )
        audit.record(
            Event.TRANSACTION_CALLED,
            user=user,
            origin=origin,
            actor=f"staff:{staff.username}",
            detail={"reference": made.reference, "to": phone.masked, "staff": staff.first_name},
        )
        return phone.masked


def _about(made: Transaction) -> str:
    return f"transaction:{made.reference}"


def _is_calling(made: Transaction) -> bool:
    """Whether a call is under way, and its question may still be answered."""
    latest = outbox.latest(_about(made))
    now = timezone.now()
    return latest is not None and latest.status in _UNDER_WAY and latest.expires_at > now


def hear(sender: type, message: Message, meaning: str, **kwargs: object) -> str | None:
    """What a key means that was pressed after the question. The caller holds the user's lock."""
    if message.name != MESSAGE:
        return None
    reference = message.about.removeprefix("transaction:")
    made = Transaction.objects.filter(reference=reference, user=message.user_id).first()
    if made is None:
        return None
    if meaning == "yes":
        return "mine" if _say_mine(made) else None
    if meaning == "no":
        return "not_mine" if services.refuse(made=made, origin=TELEPHONE) else None
    freezes.freeze(
        user_id=made.user_id,
        origin=TELEPHONE,
        how=How.CALL,
        trading=Trading.CLOSE_ONLY,
        entry=made.entry,
        actor="phone",
    )
    return "stopped"


def _say_mine(made: Transaction) -> bool:
    if made.state is not State.WAITING:
        return False
    made.said_mine_at = timezone.now()
    made.save(update_fields=["said_mine_at"])
    audit.record(
        Event.TRANSACTION_SAID_MINE,
        user=audit.lock(made.user_id),
        origin=TELEPHONE,
        actor="phone",
        detail={"reference": made.reference},
    )
    return True
