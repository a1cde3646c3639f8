"""Acts about security cards: from the stock to the client, and back."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.client_accounts.opt_out import opt_back_in_by_staff
from accounts.outbox.models import Channel
from accounts.users.models import User
from portal.console.acts.base import CannotAct, Doing
from portal.console.forms import CHOOSE, ActForm, DeliveryForm, choose_one
from sls.cards import clearing, listing, losing, orders, pins, replacing, returning, wording
from sls.cards.rules import Refusal, Why
from sls.methods import handing
from sls.methods.dsc_plus import stock
from sls.methods.dsc_plus.models import CardDevice
from sls.methods.temporary_passcode import wording as passcodes
from sls.methods.temporary_passcode.rules import Refusal as NotSent

STOCK_SHOWN = 50
REPLACED = (Why.LOST, Why.STOLEN, Why.DAMAGED, Why.BATTERY)


class FreeForm(ActForm):
    """A card of the stock that is set aside for nobody."""

    serial = forms.ChoiceField(label=gettext_lazy("Card from the stock"), error_messages=CHOOSE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["serial"].choices = choose_one([(one, one) for one in self.serials()])

    def serials(self) -> list[str]:
        """What there is to choose from."""
        return list(stock.free().values_list("serial", flat=True)[:STOCK_SHOWN])


class StockForm(FreeForm):
    """The card that is set aside for the request; where none is, any that is free."""

    def serials(self) -> list[str]:
        """What there is to choose from."""
        order = stock.to_ship().filter(user=self.client).first()
        return [order.card.serial] if order and order.card else super().serials()


class CardForm(ActForm):
    """One of the client's own cards."""

    card = forms.ChoiceField(label=gettext_lazy("Card"), error_messages=CHOOSE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = listing.own(self.client.pk)
        self.fields["card"].choices = choose_one([(str(one.pk), one.card.serial) for one in mine])


class ReplaceForm(CardForm):
    """Why another is needed; what is no fault of ours costs."""

    why = forms.ChoiceField(
        label=gettext_lazy("What happened to it"),
        choices=[(one.value, one.value) for one in REPLACED],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].choices = [(one.value, wording.of_why(one)) for one in REPLACED]


class PinForm(DeliveryForm, CardForm):
    """How the new PIN of which card gets to the client."""


class HolderForm(ActForm):
    """Whose card the client may share."""

    holder = forms.CharField(label=gettext_lazy("User name of the holder"), max_length=64)
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[("clear", gettext_lazy("May be shared")), ("refuse", gettext_lazy("May not"))],
        widget=forms.RadioSelect,
    )


def no_request(user: User) -> str:
    """Why no card can be sent."""
    if stock.to_ship().filter(user=user).exists():
        return ""
    return _("The client has not requested a card. They do it in the portal, and choose the PIN.")


def none_aside(user: User) -> str:
    """Why there is none to put back."""
    if stock.to_ship().filter(user=user, card__isnull=False).exists():
        return ""
    return _("No card is set aside for this client.")


def set_aside(doing: Doing) -> str:
    """It waits for the client's request, and goes to nobody else."""
    try:
        stock.assign(
            serial=doing.values["serial"],
            user=doing.user,
            origin=doing.origin,
            actor=doing.actor,
        )
    except stock.CannotShip as error:
        raise CannotAct(_("Not set aside: %(why)s.") % {"why": error}) from None
    return _("%(card)s is set aside.") % {"card": doing.values["serial"]}


def put_back(doing: Doing) -> str:
    """It is free again."""
    try:
        stock.unassign(user=doing.user, origin=doing.origin, actor=doing.actor)
    except stock.CannotShip as error:
        raise CannotAct(_("Not put back: %(why)s.") % {"why": error}) from None
    return _("The card is in stock again.")


def send(doing: Doing) -> str:
    """A card goes to the client who ordered one, at the address they gave."""
    try:
        stock.ship(
            serial=doing.values["serial"],
            user=doing.user,
            origin=doing.origin,
            actor=doing.actor,
        )
    except stock.CannotShip as error:
        raise CannotAct(_("Not sent: %(why)s.") % {"why": error}) from None
    return _("The card is on its way, and the client was told.")


def receive(doing: Doing) -> str:
    """It came back: the reserve is released."""
    try:
        card = returning.receive(
            serial=_card(doing).card.serial, origin=doing.origin, actor=doing.actor
        )
    except returning.NoSuchCard as error:
        raise CannotAct(str(error)) from None
    return _("%(card)s came back. The reserve is released.") % {"card": card.serial}


def lost(doing: Doing) -> str:
    """It signs nobody in any more."""
    _refused(losing.report_lost(device=_card(doing), origin=doing.origin, actor=doing.actor))
    return _("The card signs nobody in any more.")


def replace(doing: Doing) -> str:
    """The client may request another."""
    _refused(
        replacing.replace(
            device=_card(doing),
            why=Why(doing.values["why"]),
            reason=doing.noted,
            origin=doing.origin,
            actor=doing.actor,
        )
    )
    return _("Given up. The client requests the new one in the portal, because of the PIN.")


def charge(doing: Doing) -> str:
    """It was not given back."""
    try:
        returning.charge(
            serial=_card(doing).card.serial,
            why=Why.NOT_RETURNED,
            origin=doing.origin,
            actor=doing.actor,
        )
    except returning.NoSuchCard as error:
        raise CannotAct(str(error)) from None
    return _("What was held for the card is charged.")


def reset_pin(doing: Doing) -> str:
    """A random PIN goes to the verified number; staff never see it."""
    refusal = pins.reset(
        device=_card(doing),
        by=doing.two,
        delivery=Channel(doing.values["delivery"]),
        reason=doing.noted,
        origin=doing.origin,
    )
    if isinstance(refusal, handing.Unsent):
        raise CannotAct(passcodes.of_refusal(NotSent(refusal.value)))
    _refused(refusal)
    return _("The new PIN is on its way to the client’s verified number.")


def allow(doing: Doing) -> str:
    """Whatever the equity is."""
    if not orders.allow(
        user=doing.user, reason=doing.noted, origin=doing.origin, actor=doing.actor
    ):
        raise CannotAct(_("That was allowed already."))
    return _("The client may request a card now.")


def share(doing: Doing) -> str:
    """Clears, or refuses, that the client asks for somebody else's card."""
    holder = User.objects.by_name(doing.values["holder"])
    if holder is None:
        raise CannotAct(_("There is no such user name."))
    decide = clearing.clear if doing.values["decision"] == "clear" else clearing.withdraw
    if not decide(
        user=doing.user,
        holder=holder,
        reason=doing.noted,
        origin=doing.origin,
        actor=doing.actor,
    ):
        raise CannotAct(_("That cannot be, or it was so already."))
    return _("Decided. The client shares it in the portal, with the holder’s password and card.")


def opt_in(doing: Doing) -> str:
    """Two factors on every platform again."""
    if not opt_back_in_by_staff(
        user=doing.user, reason=doing.noted, origin=doing.origin, actor=doing.actor
    ):
        raise CannotAct(_("The client is in the Secure Login System already."))
    return _("The client is in the Secure Login System again.")


def _card(doing: Doing) -> CardDevice:
    found = listing.own(doing.user.pk).filter(pk=int(doing.values["card"])).first()
    if found is None:
        raise CannotAct(_("This card is not the client’s any more."))
    return found


def _refused(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise CannotAct(wording.of_refusal(refusal))
