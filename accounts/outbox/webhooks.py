"""The doors that Twilio knocks at. A genuine signature opens them, and only then is anything read.

What comes through can move a message along its ladder, turn a page of a call, or tell a STOP; it
never proves who somebody is. Repeated, reordered and late requests change nothing.
"""

import functools
import re
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts import limits
from accounts.marks import unmarked
from accounts.outbox import calls, services
from accounts.outbox.gateways import signatures, twilio, twiml, words
from accounts.outbox.models import TELEPHONE, Channel, Message

View = Callable[..., HttpResponse]
STOP = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
START = {"START", "YES", "UNSTOP"}
HELP = {"HELP", "INFO"}


def genuine(view: View) -> View:
    """Lets through what Twilio signed for our account; the view gets its ``fields``."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, **where: UUID) -> HttpResponse:
        # Before a byte of the body is looked at: larger than the settings allow is refused.
        request.body  # noqa: B018
        if not twilio.is_genuine(request):
            limits.demand("unverified_callbacks_per_address", request.origin.network)
            raise PermissionDenied("not signed by Twilio")
        fields = signatures.fields(request)
        if fields is None:
            raise BadRequest("fields repeated or unreadable")
        if not signatures.is_ours(fields.get("AccountSid", "")):
            raise PermissionDenied("another account")
        return view(request, fields, **where)

    # Bodies are judged by their signature, not by what a person could type.
    guarded.raw_body = True
    return login_not_required(
        csrf_exempt(require_POST(unmarked("signed by Twilio, not by a session")(guarded)))
    )


@genuine
def status(request: HttpRequest, fields: dict[str, str], message_id: UUID) -> HttpResponse:
    """How a message or call fares: 204."""
    message = _message(message_id, fields)
    word = fields.get("CallStatus") or fields.get("MessageStatus", "")
    known = words.CALLS if message.channel == Channel.VOICE else words.MESSAGES
    if word in known:
        step, detail = known[word]
        services.settle(
            message.pk,
            status=step,
            detail=detail,
            error_code=_error_code(fields),
            provider_id=_sid(fields),
            ended=message.channel == Channel.VOICE and word in words.CALL_ENDS,
        )
    return HttpResponse(status=204)


@genuine
def voice(request: HttpRequest, fields: dict[str, str], message_id: UUID) -> HttpResponse:
    """A key was pressed: what the call says next, as TwiML."""
    message = _message(message_id, fields)
    if not fields.get("CallSid"):
        raise PermissionDenied("no call")
    turn = request.GET.get("turn", "0")
    script = calls.answer(
        message,
        key=fields.get("Digits", "")[:1],
        turn=int(turn) if re.fullmatch(r"[0-9]", turn) else -1,
        now=timezone.now(),
    )
    return HttpResponse(twiml.render(script), content_type="text/xml; charset=utf-8")


@genuine
def inbound(request: HttpRequest, fields: dict[str, str]) -> HttpResponse:
    """Somebody wrote back; STOP, START and HELP are told to the rooms above: 204.

    Twilio itself answers these words and blocks the number; the portal only has to know.
    """
    if not _is_our_number(fields.get("To", "")):
        raise PermissionDenied("another number")
    word, sid = _word(fields), _sid(fields)
    if word and sid and re.fullmatch(r"\+[1-9][0-9]{6,14}", fields.get("From", "")):
        services.receive(provider_id=sid, number=fields["From"], word=word)
    return HttpResponse(status=204)


def _message(message_id: UUID, fields: dict[str, str]) -> Message:
    """The message that the address names, if the request is about it. Raises 403 and 404."""
    message = Message.objects.filter(pk=message_id).filter(channel__in=TELEPHONE).first()
    if message is None:
        raise Http404
    is_about_it = (
        fields.get("To") == message.to
        and _is_our_number(fields.get("From", ""))
        and _sid(fields).startswith("CA") == (message.channel == Channel.VOICE)
        and message.provider_id in {"", _sid(fields)}
    )
    if not is_about_it:
        raise PermissionDenied("about another message")
    return message


def _is_our_number(number: str) -> bool:
    # A messaging service chooses the sender itself.
    return number == settings.TWILIO_FROM or bool(number and settings.TWILIO_MESSAGING_SERVICE_SID)


def _sid(fields: dict[str, str]) -> str:
    sid = fields.get("CallSid") or fields.get("MessageSid", "")
    return sid if re.fullmatch(r"(CA|SM|MM)[0-9a-fA-F]{32}", sid) else ""


def _error_code(fields: dict[str, str]) -> int | None:
    code = fields.get("ErrorCode", "")
    return int(code) if re.fullmatch(r"[1-9][0-9]{3,5}", code) else None


def _word(fields: dict[str, str]) -> str:
    """ "stop", "start", "help" or "". Twilio's own reading comes first, where it is on."""
    told = fields.get("OptOutType", "") or fields.get("Body", "")
    text = told.strip().upper()
    for word, spellings in (("stop", STOP), ("start", START), ("help", HELP)):
        if text in spellings:
            return word
    return ""
