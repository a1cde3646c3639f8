"""What the pages of cards show: read from the tables, nothing changed."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.challenges import shown
from accounts.users.models import User
from sls.cards import charging, listing, orders, rules, wording
from sls.cards.models import Parcel, PinChange, Share
from sls.cards.rules import CHARGED, Refusal
from sls.methods.dsc_plus.models import CardDevice, Order
from sls.methods.dsc_plus.services import awaiting_activation


def panel(user: User) -> dict:
    """The card on the page of authenticators: ordered, on its way, or to be requested."""
    order = listing.open_order(user.pk)
    waiting = awaiting_activation(user.pk)
    return {
        "ordered": order is not None and order.confirmed_at is not None,
        "expected": expected(order) if order is not None and order.confirmed_at else None,
        "waiting": waiting,
        "required_from": waiting and _required_from(waiting),
        "activate_url": reverse("device_add", args=["dsc_plus"]),
    }


def _required_from(device: CardDevice) -> date:
    at = device.card.shipped_at + timedelta(days=settings.CARD_REQUIRED_DAYS)
    return timezone.localtime(at).date()


def expected(order: Order) -> date:
    """The day on which the card of a confirmed order is sent."""
    return rules.after(settings.CARD_SHIP_DAYS, timezone.localtime(order.confirmed_at).date())


def request(user: User) -> dict:
    """The first page of a request: its state, or why there can be none."""
    standing = orders.standing(user.pk)
    refusal = rules.refusal_to_request(standing)
    order = listing.open_order(user.pk)
    old = orders.replaced(user.pk)
    shown_refusal = refusal if refusal is not Refusal.ORDERED else None
    return {
        "refusal": wording.of_refusal(shown_refusal) if shown_refusal else "",
        "order": order if refusal is Refusal.ORDERED else None,
        "expected": expected(order) if refusal is Refusal.ORDERED else None,
        "asks_why": old is not None and old.card.lost_at is None,
        "lost": old is not None and old.card.lost_at is not None,
        "old": old,
        **terms(),
    }


def summary(order: Order) -> dict:
    """Everything that will be ordered, without the PIN."""
    return {
        "order": order,
        "address": order.opened("address").splitlines(),
        "why": wording.of_why(order.why),
        "charges": order.why in CHARGED,
        "expected": rules.after(settings.CARD_SHIP_DAYS, timezone.localdate()),
        **terms(),
    }


def terms() -> dict:
    """What a card costs, in words."""
    return {
        "reserve": wording.amount(settings.CARD_RESERVE_USD),
    }


def one(device: CardDevice) -> dict:
    """A card and what can be done with it."""
    card, parcel = device.card, Parcel.objects.filter(card=device.card).first()
    return {
        "device": device,
        "card": card,
        "parcel": parcel,
        "works": device.confirmed and device.may_prove,
        "names": listing.names_on(card),
        **terms(),
    }


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger, in words."""

    at: object
    card: str
    account: str
    kind: str
    amount: str
    why: str


def charges(user: User) -> dict:
    """What was held, given back and charged."""
    lines = [
        Line(
            at=one.at,
            card=one.card.masked,
            account=one.account.number,
            kind=one.get_kind_display(),
            amount=f"USD {one.amount_usd:,.2f}",
            why=wording.of_why(one.why),
        )
        for one in charging.of_user(user.pk)
    ]
    return {"lines": lines, **terms()}


def pin(change: PinChange | None) -> dict:
    """``stage`` is "answer" while a new PIN waits for its response, else "choose"."""
    now = timezone.now()
    if change is None or not change.challenge.is_open(now):
        return {"stage": "choose", "lapsed": change is not None}
    step = shown.question(change.challenge, destination="", options=())
    return {"stage": "answer", "step": step}


def parcel(device: CardDevice) -> dict:
    """What is to be done to send a card back, and the parcel if there is one."""
    found = Parcel.objects.filter(card=device.card).first()
    due = None
    if found is not None:
        sent = timezone.localtime(found.sent_at).date()
        first, last = settings.CARD_RETURN_DAYS
        due = (rules.after(first, sent), rules.after(last, sent))
    return {
        "device": device,
        "card": device.card,
        "parcel": found,
        "due": due,
        "carriers": settings.CARD_CARRIERS,
        "address": settings.CARD_RETURN_ADDRESS,
        **terms(),
    }


def sharing(share: Share) -> dict:
    """``stage`` is "confirm" once the card has consented, "answer" before, "over" when it is
    too late for that."""
    stage = "confirm"
    step = None
    if share.consented_at is None:
        stage = "answer" if share.challenge.is_open(timezone.now()) else "over"
        step = shown.question(share.challenge, destination="", options=())
    return {
        "stage": stage,
        "step": step,
        "share": share,
        "holder": share.device.user.username,
        "card": share.device.card.masked,
        "page_url": reverse("card_share_answer", args=[share.pk]),
    }
