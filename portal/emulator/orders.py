"""Which messages and calls are accepted: the checks of the API, in Twilio's words.

A ``From`` that is not the sender is 21606 (SMS) or 21210 (call). The magic ``To`` numbers are
refused for either account: no telephone has them. A landline is refused with 21614 in the United
States, Canada and the United Kingdom, with 21635 elsewhere; a number that merely cannot take SMS
is accepted and ends undelivered.
"""

import re
from urllib.parse import urlsplit

from django.http import QueryDict

from portal.emulator import errors, formats
from portal.emulator.accounts import SENDER, Account
from portal.emulator.errors import Refused
from portal.emulator.state import Call, Handset, Hook, Message

BODY_MOST = 1600
TWIML_MOST = 4000
VALIDITY_MOST = 36_000
RING_MOST = 600
EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
OLD_LANDLINE_CODE = {"US", "CA", "GB"}
_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
_HOST = re.compile(r"[A-Za-z0-9.\-\[\]:]+")


def message(form: QueryDict, account: Account, handset: Handset) -> Message:
    """The message that ``form`` orders; raises ``Refused``."""
    to, sender, service = (_word(form, name) for name in ("To", "From", "MessagingServiceSid"))
    body = form.get("Body", "")
    if not to:
        raise Refused(21604)
    if not sender and not service:
        raise Refused(21603)
    if not body and not form.get("MediaUrl") and not form.get("ContentSid"):
        raise Refused(21602)
    if len(body) > BODY_MOST:
        raise Refused(21617)
    _sms_sender(sender, service, account)
    _sms_destination(to, handset, account)
    order = Message(
        account_sid=account.sid,
        to=to,
        sender=sender or None,
        body=body,
        service_sid=service or None,
        status="accepted" if service else "queued",
        segments=formats.segments(body),
        hook=Hook(_callback(form)),
    )
    if validity := _word(form, "ValidityPeriod"):
        order.validity = _whole(validity, 90007, least=1, most=VALIDITY_MOST)
    return order


def call(form: QueryDict, account: Account) -> Call:
    """The call that ``form`` orders; raises ``Refused``."""
    to, sender, url = (_word(form, name) for name in ("To", "From", "Url"))
    twiml = form.get("Twiml", "").strip()
    if not to:
        raise Refused(21201)
    if not sender:
        raise Refused(21213)
    if application := _word(form, "ApplicationSid"):
        raise Refused(21218, application)
    if (url and not is_url(url)) or not (url or twiml):
        raise Refused(21205, url)
    if len(twiml) > TWIML_MOST:
        raise Refused(20001, "Twiml is longer than 4000 characters")
    _call_ends(to, sender, account)
    order = Call(
        account_sid=account.sid,
        to=to,
        sender=sender,
        # With an address given, Twilio ignores the inline document.
        twiml="" if url else twiml,
        url=url,
        method=_method(form, "Method"),
        fallback_url=_word(form, "FallbackUrl"),
        hook=Hook(_callback(form), _method(form, "StatusCallbackMethod"), _events(form)),
    )
    if ring := _word(form, "Timeout"):
        order.ring_seconds = min(_whole(ring, 20001, least=1), RING_MOST)
    if limit := _word(form, "TimeLimit"):
        order.time_limit = _whole(limit, 20001, least=1)
    return order


def is_url(text: str) -> bool:
    """Whether Twilio would call it: http or https and a host name without underscore."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(_HOST.fullmatch(host))


def _sms_sender(sender: str, service: str, account: Account) -> None:
    # Test credentials know no messaging service.
    if service and (account.is_test or not _SERVICE.fullmatch(service)):
        raise Refused(21701, service)
    if sender and sender != SENDER:
        magic = errors.MESSAGE_FROM if account.is_test else {}
        raise Refused(magic.get(sender, 21606), sender)


def _sms_destination(to: str, handset: Handset, account: Account) -> None:
    if code := errors.MESSAGE_TO.get(to):
        raise Refused(code, to)
    if not formats.is_number(to):
        raise Refused(21211, to)
    if account.is_test:
        return
    if handset.opted_out:
        raise Refused(21610)
    if handset.landline:
        raise Refused(21614 if formats.country(to) in OLD_LANDLINE_CODE else 21635, to)


def _call_ends(to: str, sender: str, account: Account) -> None:
    if sender != SENDER:
        magic = errors.CALL_FROM if account.is_test else {}
        raise Refused(magic.get(sender, 21210), sender)
    if code := errors.CALL_TO.get(to):
        raise Refused(code, to)
    if not formats.is_number(to):
        raise Refused(21217, to)


def _word(form: QueryDict, name: str) -> str:
    return form.get(name, "").strip()


def _callback(form: QueryDict) -> str:
    url = _word(form, "StatusCallback")
    if url and not is_url(url):
        raise Refused(21609, url)
    return url


def _method(form: QueryDict, name: str) -> str:
    return "GET" if _word(form, name).upper() == "GET" else "POST"


def _events(form: QueryDict) -> frozenset[str]:
    """The subscribed events; unknown ones are ignored, none at all means the end of the call."""
    words = {word for value in form.getlist("StatusCallbackEvent") for word in value.split()}
    return frozenset(words & EVENTS) or frozenset({"completed"})


def _whole(text: str, code: int, *, least: int, most: int = 10**6) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", text) or not least <= int(text) <= most:
        raise Refused(code, text)
    return int(text)
