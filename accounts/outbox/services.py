from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import gathered, joined
from accounts.joined import Read, first
from accounts.outbox import errors, rendering, rules
from accounts.outbox.models import TELEPHONE, Channel, Inbound, Message, Status
from accounts.outbox.places import country_of
from accounts.outbox.queue import publish
from accounts.outbox.signals import inbound, learnt
from accounts.outbox.spending import services as spending
from accounts.prepared import Update, prepared, prepared_update
from accounts.rows import change, insert

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class CodeSend:
    """One code sent, or planned, to a number."""

    at: datetime
    about: str
    channel: str
    status: str = Status.QUEUED


def enqueue(*, phrase: str = "", dedupe: str | None = None, **letter: Any) -> Message:
    """Writes a message, which ``compose`` makes of ``letter``, in the caller's transaction.

    With a ``dedupe`` that is already there nothing is sent, and the earlier row is returned.
    """
    if dedupe is None:
        message = compose(phrase=phrase, **letter)
        post(message)
        return message
    if earlier := Message.objects.filter(dedupe=dedupe).first():
        return earlier
    message = compose(phrase=phrase, **letter)
    message.dedupe = dedupe
    try:
        with transaction.atomic():
            insert(message)  # at once: another of the same key is refused here
            _publish(message)
    except IntegrityError:
        return Message.objects.get(dedupe=dedupe)
    return message


def post(*messages: Message) -> None:
    """Writes messages in the caller's transaction (``accounts.gathered``); a worker delivers each
    after the commit.

    One query. Never waits for the provider, and never fails for the broker.
    """
    if messages:
        gathered.insert(*messages)
    for one in messages:
        _publish(one)


def _publish(message: Message) -> None:
    delay = (message.not_before - message.created_at).total_seconds()
    transaction.on_commit(partial(publish, "deliver", message.pk, delay=delay), robust=True)


def compose(
    *,
    user: Any,
    channel: Channel,
    name: str,
    to: str,
    language: str,
    context: dict[str, Any],
    expires_at: datetime,
    not_before: datetime | None = None,
    about: str = "",
    is_code: bool = False,
    sensitive: bool = False,
    phrase: str = "",
) -> Message:
    """A message that is still to be written (``post``).

    ``name`` is the folder of its templates. It is not sent before ``not_before`` nor once
    ``expires_at`` has come, nor, when it is ``sensitive``, to a number with a new SIM card.
    ``phrase`` is the client's own, given only where ``to`` is verified as theirs.
    """
    now = timezone.now()
    due = max(now, not_before or now)
    message = Message(
        user=user,
        channel=channel,
        name=name,
        to=to,
        country=country_of(to),
        language=language,
        about=about,
        is_code=is_code,
        sensitive=sensitive,
        created_at=now,
        not_before=due,
        expires_at=expires_at,
        changed_at=now,
    )
    message.put(
        rendering.content(
            channel,
            name,
            to=to,
            language=language,
            context=context,
            now=due,
            expires_at=expires_at,
            phrase=phrase,
        )
    )
    return message


def is_known(dedupe: str) -> bool:
    """Whether a message of this key is there already. One query."""
    return Message.objects.filter(dedupe=dedupe).exists()


def post_once(messages: Mapping[str, Callable[[], Message]]) -> None:
    """``post`` of those whose key is not there yet, which are made only then. One query besides.

    The keys are of one user, whose lock the caller holds: nobody else writes one of them meanwhile.
    """
    # What waits to be written is not there yet either.
    posted = gathered.known().setdefault("posted once", set())
    there = Message.objects.filter(dedupe__in=list(messages)).values_list("dedupe", flat=True)
    known = posted.union(there)
    new = {key: made() for key, made in messages.items() if key not in known}
    for key, message in new.items():
        message.dedupe = key
    posted.update(new)
    post(*new.values())


def code_sends(number: str, now: datetime) -> list[CodeSend]:
    """The codes sent or planned to ``number`` in the last 24 hours, oldest first. One query."""
    return _reading_sends(number, now).alone()


def _reading_sends(number: str, now: datetime) -> Read[list[CodeSend]]:
    def made(rows: list[tuple]) -> list[CodeSend]:
        return [CodeSend(max(made, due), *rest) for made, due, *rest in rows]

    return Read(_code_sends, {"number": number, "since": now - DAY}, made)


@prepared
def _code_sends(number: str, since: datetime) -> QuerySet[tuple]:
    return (
        Message.objects.filter(to=number, is_code=True, created_at__gt=since)
        .exclude(status=Status.ABORTED)
        .order_by("created_at")
        .values_list("created_at", "not_before", "about", "channel", "status")
    )


def abort_queued(about: str) -> int:
    """Takes back what still waits of a challenge; returns how many. One query."""
    return _aborted(about=about, now=timezone.now())


@prepared_update
def _aborted(about: str, now: datetime) -> Update:
    waiting = Message.objects.filter(about=about, status=Status.QUEUED)
    return waiting, {"status": Status.ABORTED, "body": None, "changed_at": now}


def abort_notifications(user_id: int, *, to: UUID) -> None:
    """Takes back what still waits to be sent ``to`` an endpoint of the user, along with what else
    ends (``accounts.gathered``)."""
    waiting = Message.objects.filter(
        user_id=user_id, channel=Channel.PUSH, to=str(to), status=Status.QUEUED
    )
    changed = {"status": Status.ABORTED, "body": None, "changed_at": timezone.now()}
    gathered.end(waiting, kind="aborted", **changed)


def abort_codes(user_id: int) -> int:
    """Takes back every code for the user that still waits; returns how many. One query."""
    waiting = Message.objects.filter(user_id=user_id, is_code=True, status=Status.QUEUED)
    return waiting.update(status=Status.ABORTED, body=None, changed_at=timezone.now())


def latest(about: str) -> Message | None:
    """The newest message of a challenge. One query."""
    return _latest.first(about=about)


def news(about: str, number: str, now: datetime) -> tuple[Message | None, list[CodeSend]]:
    """``latest`` and ``code_sends``, in one query."""
    return joined.read(Read(_latest, {"about": about}, first), _reading_sends(number, now))


@prepared
def _latest(about: str) -> QuerySet[Message]:
    return Message.objects.filter(about=about).order_by("-created_at")[:1]


def settle(
    message_id: UUID,
    *,
    status: Status | str,
    detail: str = "",
    error_code: int | None = None,
    provider_id: str = "",
    key_pressed: str = "",
    ended: bool = False,
) -> bool:
    """Moves a message up the ladder; returns whether it moved.

    Idempotent, and deaf to what comes late: repeats and earlier steps change nothing, except that
    a missing ``provider_id`` is filled in. ``ended`` says that a call is over, so that its words
    are wiped although it was delivered before.
    """
    with transaction.atomic():
        message = _locked.first(pk=message_id)
        if message is None:
            return False
        moves = rules.is_forward(message.status, message.detail, status, detail)
        changed = {}
        if provider_id and not message.provider_id:
            changed["provider_id"] = provider_id
        if moves:
            changed |= _step(message, status, detail, error_code, key_pressed)
        if message.body is not None and (ended or (moves and _is_spent(message, status, changed))):
            changed["body"] = None
        if changed:
            _write(message, changed)
    if moves and error_code is not None:
        _tell(message, error_code)
    if moves and status in {Status.UNDELIVERED, Status.FAILED}:
        transaction.on_commit(lambda: spending.forget(message), robust=True)
    return moves


def _write(message: Message, changed: dict[str, Any]) -> None:
    for name, value in changed.items():
        setattr(message, name, value)
    change(message, *changed)


@prepared
def _locked(pk: UUID) -> QuerySet[Message]:
    return Message.objects.select_for_update(no_key=True).filter(pk=pk)


def _step(
    message: Message,
    status: str,
    detail: str,
    error_code: int | None,
    key_pressed: str,
) -> dict[str, Any]:
    at = timezone.now()
    step: dict[str, Any] = {"status": status, "detail": detail, "changed_at": at}
    if error_code is not None:
        step["error_code"] = error_code
    if key_pressed:
        step["key_pressed"] = key_pressed
    if status in {Status.SENT, Status.DELIVERED} and message.sent_at is None:
        step["sent_at"] = at
    return step


def _is_spent(message: Message, status: str, changed: dict[str, Any]) -> bool:
    """Whether nobody will read the words again."""
    if message.channel == Channel.VOICE:
        # A call that was answered reads on until it ends.
        return status in rules.FINAL and status != Status.DELIVERED
    known = message.provider_id or changed.get("provider_id")
    # Without the provider's id the text is what a lost message is recognised by.
    return status in rules.FINAL or (status == Status.SENT and bool(known))


def _tell(message: Message, error_code: int) -> None:
    """Lets the rooms above know what the carrier said of the number.

    After the commit: receivers lock users, which everywhere else comes before messages.
    """
    error = errors.classify(error_code)
    told = {"sender": Message, "number": message.to}
    if message.channel not in TELEPHONE:
        return
    if error.meaning is errors.Meaning.STOPPED:
        transaction.on_commit(lambda: inbound.send(**told, word="stop"), robust=True)
    if error.learnt:
        transaction.on_commit(
            lambda: learnt.send(**told, error_code=error_code, meaning=error.learnt), robust=True
        )


def receive(*, provider_id: str, number: str, word: str) -> bool:
    """Tells the rooms above, once a message, that ``number`` wrote "stop", "start" or "help".

    Returns False for a message that was told before.
    """
    with transaction.atomic():
        _, is_new = Inbound.objects.get_or_create(
            provider_id=provider_id, defaults={"at": timezone.now()}
        )
        if is_new:
            inbound.send(sender=Inbound, number=number, word=word)
    return is_new
