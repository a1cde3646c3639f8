"""What is said of a message to the person who waits for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import phonenumbers
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.outbox import errors, rules
from accounts.outbox.errors import Advice, Meaning
from accounts.outbox.guard import Reason
from accounts.outbox.models import TELEPHONE, Channel, Message, Status

# From here on "the carrier took it" is no longer good news.
PROBABLY = timedelta(seconds=60)
LATE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery line of a page.

    ``status`` is the ladder plus ``ringing`` and ``answered``, "" when nothing was sent; ``advice``
    is one of ``errors.Advice``; ``final`` means that no further news will come.
    """

    channel: str
    status: str
    text: str
    advice: str
    at: datetime | None
    final: bool


NUMBER_MEANINGS: dict[Meaning, Promise] = {
    Meaning.BAD_NUMBER: gettext_lazy("This number cannot be reached."),
    Meaning.INACTIVE: gettext_lazy("Your carrier says this number is not in use."),
    Meaning.NO_SMS: gettext_lazy(
        "Your carrier says this number cannot take text messages; we can call it."
    ),
    Meaning.LANDLINE: gettext_lazy(
        "Your carrier says this number cannot take text messages; we can call it."
    ),
    Meaning.UNREACHABLE: gettext_lazy("Your phone could not be reached. Is it switched on?"),
    Meaning.BLOCKED: gettext_lazy("Your carrier did not let the message through."),
    Meaning.COUNTRY: gettext_lazy("We cannot reach numbers in this country this way."),
    Meaning.EXPIRED: gettext_lazy("The message could not be delivered in time."),
    Meaning.BUSY: gettext_lazy("The telephone service is busy or away. Nothing was sent."),
    Meaning.HELD: gettext_lazy("The message was held back by a check against fraud."),
    Meaning.NEW_SIM: gettext_lazy(
        "Your number got a new SIM card recently, so no code for sensitive changes goes there. "
        "Use another way."
    ),
    Meaning.STOPPED_RANGE: gettext_lazy(
        "It was not sent: we send no codes to this range of numbers at the moment, because hardly "
        "any of them was used. We try again by ourselves. Use another way to sign in."
    ),
    Meaning.CARRIER: gettext_lazy("Your carrier could not deliver the message."),
    Meaning.OURS: gettext_lazy("The telephone service did not take the message."),
}
REFUSALS: dict[Reason, Promise] = {
    Reason.INVALID: gettext_lazy("This is not a valid telephone number."),
    Reason.COUNTRY: gettext_lazy("We do not send security codes to this country."),
    Reason.PREMIUM: gettext_lazy("We do not send security codes to premium-rate numbers."),
    Reason.SPECIAL: gettext_lazy("We do not send security codes to numbers of this kind."),
}


def refusal(reason: Reason) -> str:
    """Why a number is refused, in one sentence."""
    return str(REFUSALS[reason])


def delivery(message: Message | None, now: datetime) -> Delivery:
    """What became of ``message``, in one sentence, and the next best thing to do."""
    if message is None:
        return Delivery("", "", "", "", None, True)
    text, advice = _SENTENCES[message.status](message, now)
    return Delivery(
        channel=message.channel,
        status=_shown(message),
        text=str(text),
        advice=advice.value,
        at=message.changed_at,
        final=_is_final(message, now),
    )


def _shown(message: Message) -> str:
    on_the_phone = message.status == Status.SENT and message.channel == Channel.VOICE
    if on_the_phone and message.detail in {"ringing", "answered"}:
        return message.detail
    return message.status


def _is_final(message: Message, now: datetime) -> bool:
    if message.status in rules.FINAL or message.expires_at <= now:
        return True
    return message.status == Status.SENT and (
        message.channel not in TELEPHONE or message.detail == "sandbox"
    )


def ago(at: datetime, now: datetime) -> str:
    """``"12 s ago"``, ``"2 min ago"``."""
    seconds = max(1, int((now - at).total_seconds()))
    if seconds < 120:
        return _("%(seconds)d s ago") % {"seconds": seconds}
    return _("%(minutes)d min ago") % {"minutes": seconds // 60}


def _queued(message: Message, now: datetime) -> tuple[str, Advice]:
    wait = message.not_before - now
    if wait > timedelta(0):
        seconds = max(1, -int(-wait.total_seconds() // 1))
        text = ngettext(
            "It will be sent in %(seconds)d second.",
            "It will be sent in %(seconds)d seconds.",
            seconds,
        )
        return text % {"seconds": seconds}, Advice.NONE
    if -wait > LATE:
        return _("It waits for the telephone service and will be sent soon."), Advice.NONE
    return _("It is about to be sent."), Advice.NONE


def _sending(message: Message, now: datetime) -> tuple[str, Advice]:
    if message.channel == Channel.VOICE:
        return _("The call is being placed."), Advice.NONE
    return _("It is being sent now."), Advice.NONE


def _sent(message: Message, now: datetime) -> tuple[str, Advice]:
    when = {"ago": ago(message.changed_at, now)}
    if message.detail == "sandbox":
        return _("Accepted by the sandbox %(ago)s; nothing is delivered.") % when, Advice.NONE
    if message.channel == Channel.EMAIL:
        return _("Handed to your mail server %(ago)s.") % when, Advice.NONE
    if message.channel == Channel.PUSH:
        return _("The push service of your phone took it %(ago)s.") % when, Advice.NONE
    if message.channel == Channel.VOICE:
        return _call(message.detail), Advice.NONE
    advice = Advice.VOICE if now - message.changed_at > PROBABLY else Advice.NONE
    if message.detail == "sent":
        return _("Your carrier accepted it %(ago)s.") % when, advice
    return _("Handed to your carrier %(ago)s.") % when, advice


def _call(detail: str) -> str:
    if detail == "ringing":
        return _("Your phone is ringing.")
    if detail == "answered":
        return _("You answered. Press 1 on your phone to hear the code.")
    return _("The call is on its way to your phone.")


def _delivered(message: Message, now: datetime) -> tuple[str, Advice]:
    if message.key_pressed == "9":
        return _("The call was reported as not asked for."), Advice.SUPPORT
    if message.channel == Channel.VOICE:
        return _("The code was read to you."), Advice.NONE
    return _("Delivered to your phone."), Advice.NONE


_CALL_ENDS: dict[str, tuple[Promise, Advice]] = {
    "busy": (gettext_lazy("Your line was busy or the call was declined."), Advice.RESEND),
    "no-answer": (gettext_lazy("Nobody answered the call."), Advice.RESEND),
    "no_key": (
        gettext_lazy("The call was answered, but no key was pressed, so no code was read."),
        Advice.RESEND,
    ),
    "canceled": (gettext_lazy("The call was cancelled."), Advice.RESEND),
}


def _not_delivered(message: Message, now: datetime) -> tuple[str, Advice]:
    if message.error_code is not None:
        return _of_error(message)
    if message.detail in _CALL_ENDS:
        text, advice = _CALL_ENDS[message.detail]
        return str(text), advice
    if message.channel == Channel.VOICE:
        return _("Your phone could not be reached by a call."), Advice.SMS
    return str(NUMBER_MEANINGS[Meaning.CARRIER]), Advice.RESEND


_OWN_REASONS: dict[str, tuple[Meaning, Advice]] = {
    "expired": (Meaning.EXPIRED, Advice.RESEND),
    "busy": (Meaning.BUSY, Advice.RESEND),
    "guard": (Meaning.HELD, Advice.SUPPORT),
    "refused": (Meaning.HELD, Advice.SUPPORT),
    "new_sim": (Meaning.NEW_SIM, Advice.SUPPORT),
    "pumping": (Meaning.STOPPED_RANGE, Advice.SUPPORT),
}


def _failed(message: Message, now: datetime) -> tuple[str, Advice]:
    if message.channel == Channel.EMAIL:
        return _("The mail server did not take the message."), Advice.RESEND
    if message.channel == Channel.PUSH:
        return _("The push service of your phone did not take it."), Advice.NONE
    if message.detail in _OWN_REASONS:
        meaning, advice = _OWN_REASONS[message.detail]
        return str(NUMBER_MEANINGS[meaning]), advice
    return _not_delivered(message, now)


def _of_error(message: Message) -> tuple[str, Advice]:
    error = errors.classify(message.error_code)
    advice = error.advice
    if advice.value == message.channel:
        # Never the same again.
        advice = Advice.SMS if message.channel == Channel.VOICE else Advice.VOICE
    if error.meaning is Meaning.STOPPED:
        text = _(
            "Text messages to this number were stopped by STOP. "
            "Send START to %(number)s to allow them again, or let us call you."
        )
        return text % {"number": _as_read(settings.TWILIO_FROM)}, advice
    return str(NUMBER_MEANINGS[error.meaning]), advice


def _as_read(number: str) -> str:
    """``"+1 500-555-0006"``: an E.164 number as a person types it; a short code as it is."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _unknown(message: Message, now: datetime) -> tuple[str, Advice]:
    if message.detail == "not_found":
        return _(
            "The telephone service has no trace of it; it was probably not sent."
        ), Advice.RESEND
    return _("We do not know yet whether it was sent; it may still arrive."), Advice.RESEND


def _aborted(message: Message, now: datetime) -> tuple[str, Advice]:
    return _("Replaced by a newer message."), Advice.NONE


_SENTENCES = {
    Status.QUEUED: _queued,
    Status.SENDING: _sending,
    Status.SENT: _sent,
    Status.DELIVERED: _delivered,
    Status.UNDELIVERED: _not_delivered,
    Status.FAILED: _failed,
    Status.UNKNOWN: _unknown,
    Status.ABORTED: _aborted,
}
