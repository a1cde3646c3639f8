"""A secret that staff set in motion and nobody of them sees: it goes to the client's own number."""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.utils import timezone

from accounts import phrase
from accounts.challenges import rules
from accounts.challenges.models import Purpose
from accounts.challenges.rules import Bar
from accounts.challenges.sending import ceilings
from accounts.contacts import reached
from accounts.contacts.models import PhoneNumber
from accounts.outbox import guard
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel
from accounts.users.models import User

# A message that waits for longer is worth less than the question whether it came.
LIFE = timedelta(minutes=30)


class Unsent(StrEnum):
    """Why nothing goes to the number."""

    NO_NUMBER = "no_number"
    NO_TEXT = "no_text"
    TOO_OFTEN = "too_often"


def number(user: User, *, phone: int | None, delivery: Channel) -> PhoneNumber | Unsent:
    """The verified number of the user that ``phone`` (a primary key) names, else the first.

    Never one that is new, or whose SIM card is: whoever took it over may be the one who calls.
    """
    trusted = reached.trusted_phones(user.pk)
    found = next((one for one in trusted if phone in (None, one.pk)), None)
    if found is None or guard.refusal(found.number):
        return Unsent.NO_NUMBER
    if delivery is Channel.SMS and not found.takes_sms:
        return Unsent.NO_TEXT
    return found


def send(
    *,
    user: User,
    to: PhoneNumber,
    delivery: Channel,
    name: str,
    about: str,
    context: dict[str, Any],
) -> Unsent | None:
    """Queues the message ``name``, spaced and counted as every code to that number. None when it is
    on its way. An earlier one ``about`` the same that still waits is taken back.

    The caller holds the user's lock.
    """
    now = timezone.now()
    sends = outbox.code_sends(to.number, now)
    decided = rules.may_send(
        now,
        ceilings(Purpose.SIGN_IN),
        sent_to_number=[send.at for send in sends],
        of_challenge=sum(send.about == about for send in sends),
    )
    if decided.bar not in (None, Bar.SPACING):
        return Unsent.TOO_OFTEN
    at = decided.at if decided.bar else now
    outbox.abort_queued(about)
    outbox.enqueue(
        user=user,
        channel=delivery,
        name=name,
        to=to.number,
        language=user.language,
        context=context,
        about=about,
        is_code=True,
        sensitive=True,
        not_before=at,
        expires_at=at + LIFE,
        phrase=phrase.of(user),
    )
    return None
