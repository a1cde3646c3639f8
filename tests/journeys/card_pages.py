"""Alice and the pages of her security card: requested, lost, sent back, shared."""

from collections.abc import Callable
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.client_accounts.models import ClientAccount
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.cards.models import Parcel, Share
from sls.methods.dsc_plus.models import Card, Charge, Order
from tests import cast
from tests.journeys.stage import Stage

ADDRESS = "Alice Example\n1 Harbour Street\nSan Francisco, CA 94111\nUnited States"


def requesting(name: str, *, equity: int = 750_000) -> Callable[[Stage], str]:
    """Alice, signed in, at a page of her request; what comes before it is filled in."""

    def way(stage: Stage) -> str:
        user = stage.alice()
        ClientAccount.objects.update(equity=equity)
        stage.sign_in(user)
        if name != "card_request":
            stage.post(reverse("card_request"), address=ADDRESS)
            stage.post(reverse("card_request_pin"), pin="7306", pin_again="7306")
            stage.post(reverse("card_request_account"), account="U1000001")
        return reverse(name)

    return way


def requested(stage: Stage) -> str:
    """Her request is on its way."""
    requesting("card_request_summary")(stage)
    Order.objects.update(confirmed_at=timezone.now())
    return reverse("card_request")


def sent(stage: Stage) -> str:
    """A card is on its way to her."""
    user = stage.alice()
    cast.card_device(user, activated=False)
    stage.sign_in(user)
    return reverse("devices")


def with_card(name: str, *, lost: bool = False, shared: bool = False) -> Callable[[Stage], str]:
    """Alice, signed in by her telephone, at a page of her card."""

    def way(stage: Stage) -> str:
        user = stage.alice()
        device = cast.card_device(user)
        stage.sign_in_by_text(user)
        if lost:
            Card.objects.update(lost_at=timezone.now())
        if shared:
            cast.card_device(cast.person("alice-2", language=stage.language), shared=True)
        return reverse(name, args=[device.pk] if name != "card_request" else [])

    return way


def sent_back(stage: Stage) -> str:
    """The card is in the post."""
    path, now = with_card("card_return")(stage), timezone.now()
    user, card = User.objects.get(), Card.objects.get()
    Parcel.objects.create(
        card=card, user=user, carrier="FedEx", tracking="794612345678", sent_at=now
    )
    return path


def charged(stage: Stage) -> str:
    """A card was held for, and its hold lifted."""
    with_card("card")(stage)
    facts = {
        "card": Card.objects.get(),
        "account": ClientAccount.objects.get(),
        "user": User.objects.get(),
        "amount_usd": 20,
    }
    now = timezone.now()
    Charge.objects.create(**facts, kind="held", why="issued", at=now - timedelta(days=30))
    Charge.objects.create(**facts, kind="returned", why="returned", at=now)
    return reverse("card_charges")


def pin_window(stage: Stage) -> str:
    """Alice has just proven that she may change her PIN."""
    path = with_card("card_pin")(stage)
    until = timezone.now() + timedelta(minutes=5)
    Session.objects.filter(ended_at=None).update(verified_action="card.pin", verified_until=until)
    return path


def pin_answer(stage: Stage) -> str:
    """Her card has to prove the new PIN."""
    return stage.post(pin_window(stage), pin="7306", pin_again="7306")


def pin_over(stage: Stage) -> str:
    """The same, too late."""
    path = pin_answer(stage)
    stage.expire()
    return path


def sharing(stage: Stage) -> str:
    """Another name of hers holds the card, and she asks it to serve this one."""
    user = stage.alice()
    stage.sign_in(user)
    cast.card_device(cast.person("alice-2", language=stage.language))
    User.objects.update(person="P-17")
    return stage.post(reverse("card_share"), username="alice-2", password=cast.PASSWORD)


def share_confirm(stage: Stage) -> str:
    """The card has consented."""
    path = sharing(stage)
    Share.objects.update(consented_at=timezone.now())
    return path


def owning_nothing(stage: Stage) -> str:
    """Carol trades on an account of Alice's."""
    stage.alice()
    stage.sign_in(stage.carol())
    return reverse("card_request")


def another_name(stage: Stage) -> str:
    """She holds a card that belongs to another name of hers."""
    user = stage.alice()
    cast.card_device(cast.person("alice-2", language=stage.language))
    device = cast.card_device(user, shared=True)
    stage.sign_in_by_text(user)
    return reverse("card", args=[device.pk])
