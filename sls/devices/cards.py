"""Authenticators as cards, and further ones as offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import agents
from sls.devices import listing, wording
from sls.devices.rules import Refusal
from sls.methods import registry
from sls.methods.device import Authenticator
from sls.methods.dsc_plus.models import CardDevice
from sls.methods.ib_key.models import IbKeyDevice
from sls.methods.online_card.models import OnlineCard
from sls.methods.protocol import Method
from sls.methods.sms.models import PhoneDevice
from sls.methods.temporary_passcode.models import Passcode

# What to take before anything else, in this order (DOMAIN 1.7).
RECOMMENDED = ("passkey", "ib_key")
DETAILS = "devices/_no_details.html"
# What has pages of its own, or is not the client's to add.
ELSEWHERE = (PhoneDevice, CardDevice, OnlineCard, Passcode)


@dataclass(frozen=True, slots=True)
class State:
    """A meaning, its word, and what to do about it, if anything."""

    tone: str
    word: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """An authenticator in its owner's words. ``tone``, ``state`` and ``hint`` are its ``State``.

    ``device`` is the row itself, for ``details``, the templates that may say more of a method.
    ``place`` is "first", "last", "only" or "" in the client's order. ``by_telephone`` leads to the
    page of numbers; ``off`` says that it is switched off. ``tests`` says whether it can be tried
    without using something up.
    """

    device: Authenticator
    method: str
    name: str
    kind: str
    risk: str
    tone: str
    state: str
    hint: str
    added: datetime
    last_used: datetime | None
    used_with: str
    used_from: str
    details: tuple[str, ...]
    place: str = ""
    is_current: bool = False
    by_telephone: bool = False
    off: bool = False
    permanent: bool = True
    tests: bool = True


@dataclass(frozen=True, slots=True)
class Offer:
    """A further authenticator. ``url`` is where to ask for it, "" while ``reason`` says why not."""

    method: str
    name: str
    about: str
    risk: str = ""
    url: str = ""
    reason: str = ""


def all_of(held: Sequence[Authenticator], *, current: str) -> list[Card]:
    """The cards of ``held``, in its order."""
    has_permanent = any(one.may_prove and listing.method_of(one).permanent for one in held)
    return [
        card(one, current=current, has_permanent=has_permanent, place=_place(place, len(held)))
        for place, one in enumerate(held)
    ]


def _place(place: int, count: int) -> str:
    if count == 1:
        return "only"
    return {0: "first", count - 1: "last"}.get(place, "")


def card(device: Authenticator, *, current: str, has_permanent: bool, place: str = "only") -> Card:
    """One authenticator; ``has_permanent`` tells whether a permanent one stands before it."""
    method = listing.method_of(device)
    telephone = isinstance(device, PhoneDevice)
    state = _state(device, method, has_permanent=has_permanent)
    return Card(
        device=device,
        method=method.code,
        name=device.phone.shown if telephone else registry.called(method.code, device.name),
        kind=str(method.label),
        risk=str(method.risk),
        tone=state.tone,
        state=state.word,
        hint=state.hint,
        added=device.created_at,
        last_used=device.last_used_at,
        used_with=agents.in_words(device.last_used_agent),
        used_from=device.last_used_address,
        details=(f"methods/{method.code}/card.html", DETAILS),
        place=place,
        is_current=device.persistent_id == current,
        by_telephone=telephone,
        off=telephone and device.switched_off_at is not None,
        permanent=method.permanent,
        tests=method.permanent and device.may_prove,
    )


def _state(device: Authenticator, method: Method, *, has_permanent: bool) -> State:
    if device.disabled_since is not None:
        hint = _("It takes no more answers. Replace it, or call us.")
        return State("danger", _("Disabled after wrong codes"), hint)
    if not device.may_prove:
        telephone = isinstance(device, PhoneDevice)
        hint = _("Codes to this number sign nobody in.") if telephone else ""
        return State("", _("Switched off"), hint)
    if not method.permanent and (has_permanent or not method.channels):
        return State("notice", _("Fallback only"))
    return State("good", _("Active"))


def recommended(held: Sequence[Authenticator]) -> list[Offer]:
    """What is worth having and is not there yet."""
    mine = {listing.method_of(one).code for one in held}
    return [offer(registry.get(code), held) for code in RECOMMENDED if code not in mine]


def others(held: Sequence[Authenticator]) -> list[Offer]:
    """The rest of what can be added. A card is requested first, which has pages of its own."""
    first = {offer.method for offer in recommended(held)}
    # What comes as one set is renewed where it stands.
    methods = {listing.method_of(one) for one in held}
    sets = {method.code for method in methods if listing.most_of(method) == 1}
    return [
        offer(method, held)
        for method in registry.METHODS
        if method.code not in first | sets and method.model not in ELSEWHERE
    ]


def _way_to(method: Method) -> str:
    """A phone activates itself; the portal invites it."""
    return (
        reverse("ib_key")
        if method.model is IbKeyDevice
        else reverse("device_add", args=[method.code])
    )


def offer(method: Method, held: Sequence[Authenticator]) -> Offer:
    """A method that there is."""
    count = sum(isinstance(one, method.model) for one in held)
    full = count >= listing.most_of(method)
    return Offer(
        method=method.code,
        name=str(method.label),
        about=wording.about(method.code),
        risk=str(method.risk),
        url="" if full else _way_to(method),
        reason=wording.of_refusal(Refusal.FULL) if full else "",
    )
