"""The way of an SMS: queued, sending, sent, delivered, each a step of the clock.

A step takes 200 ms, or the handset's ``delay_ms``. What ends undelivered: a handset that is not
reachable (30003) and one that takes no SMS (30006); one that opted out or is a landline is refused
by the API already. A message whose ValidityPeriod is over before it is sent fails with 30036.
"""

from django.conf import settings

from portal.emulator import callbacks, errors, formats, web
from portal.emulator.accounts import LIVE, SENDER
from portal.emulator.clock import clock
from portal.emulator.state import Handset, Message, store
from portal.emulator.twiml import Unreadable, replies

NEXT = {"accepted": "queued", "queued": "sending", "sending": "sent"}
FINAL = frozenset({"delivered", "undelivered", "failed", "received", "canceled"})
# Keywords of Twilio's default opt-out handling.
STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})


def step_seconds(handset: Handset) -> float:
    """How long one status lasts on the way to this handset."""
    return settings.CONFIG.step if handset.delay_ms is None else handset.delay_ms / 1000


def accept(message: Message) -> None:
    """Stores it and sets it on its way."""
    store.keep_message(message)
    _schedule(message)


def _schedule(message: Message) -> None:
    epoch, seconds = store.epoch, step_seconds(store.handset(message.to))
    clock.later(seconds, lambda: _step(message, epoch))


def _step(message: Message, epoch: int) -> None:
    with store.lock:
        if store.epoch != epoch or message.sid not in store.messages or message.status in FINAL:
            return
        message.status, message.error_code = _following(message)
        message.error_message = errors.DELIVERY_TEXTS.get(message.error_code or 0)
        message.updated = formats.now()
        message.sender = message.sender or SENDER
        if message.status == "sent":
            message.sent = message.updated
        store.lock.notify_all()
        # Twilio tells of "queued" only when it comes after "accepted", and never of "sending".
        if message.status != "sending":
            callbacks.tell_message(message)
    if message.status not in FINAL:
        _schedule(message)


def _following(message: Message) -> tuple[str, int | None]:
    """The next status and its error code."""
    handset = store.handset(message.to)
    if message.status == "sent":
        if not handset.reachable:
            return "undelivered", 30003
        if not handset.sms_capable or handset.landline:
            return "undelivered", 30006
        return "delivered", None
    age = (formats.now() - message.created).total_seconds() * clock.speed
    if age > message.validity:
        return "failed", 30036
    return NEXT[message.status], None


def from_handset(number: str, body: str) -> Message:
    """The person writes to the sender's number: the portal's inbound webhook hears of it.

    STOP and its kin make Twilio refuse further messages to this number (21610), START takes that
    back. TwiML ``<Message>`` in the portal's answer arrives on the handset.
    """
    message = Message(
        account_sid=LIVE.sid,
        to=SENDER,
        sender=number,
        body=body,
        direction="inbound",
        status="received",
        segments=formats.segments(body),
    )
    word = _keyword(body)
    with store.lock:
        handset = store.handsets.setdefault(number, Handset(number))
        if word in {"STOP", "START"}:
            handset.opted_out = word == "STOP"
        store.keep_message(message)
    clock.soon(lambda: _deliver_inbound(message, word))
    return message


def _keyword(body: str) -> str:
    word = body.strip().upper()
    kinds = {"STOP": STOP, "START": START, "HELP": HELP}
    return next((kind for kind, words in kinds.items() if word in words), "")


def _deliver_inbound(message: Message, word: str) -> None:
    params = {
        "AccountSid": message.account_sid,
        "ApiVersion": callbacks.API_VERSION,
        "Body": message.body,
        "From": message.sender or "",
        "FromCity": "",
        "FromCountry": formats.country(message.sender or ""),
        "FromState": "",
        "FromZip": "",
        "MessageSid": message.sid,
        "NumMedia": "0",
        "NumSegments": str(message.segments),
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "To": message.to,
        "ToCity": "",
        "ToCountry": formats.country(message.to),
        "ToState": "",
        "ToZip": "",
    }
    if word:
        params["OptOutType"] = word
    url = settings.CONFIG.inbound_url
    row = {"at": formats.rfc3339(formats.now()), "url": url, "params": params, "forged": False}
    try:
        answer = web.send(url, "POST", params)
    except web.Unanswered as unanswered:
        _log(row | {"answer": str(unanswered)})
        return
    _log(row | {"answer": answer.status})
    if answer.status == 200:
        _reply(message, answer.body)


def _log(row: dict[str, object]) -> None:
    with store.lock:
        store.callbacks.append(row)
        store.lock.notify_all()


def _reply(message: Message, document: str) -> None:
    try:
        texts = replies(document)
    except Unreadable:
        return
    number = message.sender or ""
    if store.handset(number).opted_out:
        return
    for text in texts:
        accept(
            Message(
                account_sid=message.account_sid,
                to=number,
                sender=SENDER,
                body=text,
                direction="outbound-reply",
                segments=formats.segments(text),
            )
        )
