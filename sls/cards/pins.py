"""Changing the PIN of a card: chosen, then proven by a response that was made with it; or set anew
by two of staff."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts import codes
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges import services as challenges
from accounts.challenges.models import Purpose
from accounts.challenges.rules import Verdict
from accounts.challenges.wording import Problem
from accounts.origin import Origin
from accounts.outbox.models import Channel
from accounts.users import two
from accounts.users.models import User
from accounts.vault import CannotOpen
from sls.cards import listing, orders, wording
from sls.cards.models import PinChange
from sls.cards.rules import Refusal
from sls.methods import handing, registry
from sls.methods.dsc_plus import pins as mechanics
from sls.methods.dsc_plus.models import Card, CardDevice
from sls.methods.dsc_plus.rules import PIN_DIGITS
from sls.methods.dsc_plus.services import CODE
from sls.methods.handing import Unsent


def begin(*, device: CardDevice, pin: str, bound_to: str, origin: Origin) -> Problem | None:
    """Asks the card for a response made with ``pin``; one that was chosen before is dropped.

    None when its page can be shown. Raises ``limits.TooMany``.
    """
    unfit = orders.unfit_pin(user_id=device.user_id, order=None, pin=pin)
    if unfit:
        return Problem(unfit.value, wording.of_unfit(unfit))
    with transaction.atomic():
        user = audit.lock(device.user_id)
        rows = registry.devices(user.pk)
        row = next((row for row in rows if row.id == device.persistent_id), None)
        if row is None:
            return Problem(Refusal.GONE.value, wording.of_refusal(Refusal.GONE))
        challenges.cancel(user_id=user.pk, purpose=Purpose.PIN)
        PinChange.objects.filter(device=device).delete()
        challenge = registry.get(CODE).challenge(
            row, user=user, purpose=Purpose.PIN, bound_to=bound_to, origin=origin
        )
        change = PinChange(device=device, challenge=challenge)
        change.put_pin(pin)
        change.save(force_insert=True)
    return None


def find(device: CardDevice, *, bound_to: str) -> PinChange | None:
    """The change that this session began and has not finished. One query."""
    mine = PinChange.objects.filter(device=device, challenge__bound_to=bound_to)
    return mine.select_related("challenge", "device").first()


def answer(change: PinChange, *, text: str, origin: Origin) -> Problem | None:
    """Takes the response. None when the new PIN is the card's. Not inside a transaction."""
    challenge = change.challenge
    read = registry.get(CODE).read(text, challenge)
    if read.problem:
        return read.problem
    try:
        pin = change.open_pin()
    except CannotOpen:
        return Problem(Refusal.GONE.value, wording.of_refusal(Refusal.GONE))
    verdict = mechanics.prove(challenge, read.answer, pin=pin, origin=origin)
    if verdict.is_ok:
        change.delete()
        return None
    challenge.refresh_from_db()
    return _problem(verdict)


def _problem(verdict: Verdict) -> Problem:
    return Problem(verdict.outcome.value, verdict.said)


def purge() -> int:
    """Deletes new PINs that were not proven in time. Returns how many."""
    return PinChange.objects.filter(challenge__expires_at__lt=timezone.now()).delete()[0]


def reset(
    *,
    device: CardDevice,
    by: Sequence[User],
    delivery: Channel,
    reason: str,
    origin: Origin,
    phone: int | None = None,
) -> Refusal | Unsent | None:
    """Gives the card another PIN, which goes to a verified number of its holder and to nobody else.
    None when it is on its way.

    For who has forgotten it; the wrong responses that came of that are forgotten too. ``by`` are
    the two of staff. Raises ``two.NotTwo``.
    """
    with transaction.atomic():
        user = audit.lock(device.user_id)
        actor = two.actor(by, on=user)
        card = Card.objects.select_for_update(no_key=True).get(pk=device.card_id)
        mine = listing.own(user.pk).filter(pk=device.pk)
        if card.lost_at or card.returned_at or not mine.exists():
            return Refusal.GIVEN_UP
        to = handing.number(user, phone=phone, delivery=delivery)
        if isinstance(to, Unsent):
            return to
        pin = _random(user.pk)
        if unsent := handing.send(
            user=user,
            to=to,
            delivery=delivery,
            name="card_pin",
            about=str(card.handle),
            context={"code": pin, "card": card.masked},
        ):
            return unsent
        card.put_pin(pin)
        card.asked = None
        card.save(update_fields=["pin", "asked"])
        device.unblock()
        detail = {"card": card.masked, "phone": to.masked, "reason": reason}
        audit.record(Event.CARD_PIN_RESET, user=user, origin=origin, actor=actor, detail=detail)
    return None


def _random(user_id: int) -> str:
    """A PIN that the client might have chosen."""
    while True:
        pin = codes.numeric(PIN_DIGITS)
        if orders.unfit_pin(user_id=user_id, order=None, pin=pin) is None:
            return pin
