"""Alice and her security card."""

from collections.abc import Callable

from django.urls import reverse

from sls.methods.dsc_plus.models import Card
from tests import cast
from tests.journeys.stage import Stage


def card_page(stage: Stage) -> str:
    """Alice has chosen her card at the sign-in."""
    user = stage.alice()
    device = cast.card_device(user)
    url = cast.begin(stage.client, user.username)
    stage.post(f"{url}method/", device=device.persistent_id)
    return url


def card_over(stage: Stage) -> str:
    """The same, too late."""
    url = card_page(stage)
    stage.expire()
    return url


def card_activation(stage: Stage) -> str:
    """Alice, signed in, activates the card that has just arrived."""
    user = stage.alice()
    cast.card_device(user, activated=False)
    stage.sign_in(user)
    return stage.proven(reverse("device_add", args=["dsc_plus"]))


def with_card(path: str) -> Callable[[Stage], str]:
    """Alice, signed in by her telephone, who has a card too."""

    def way(stage: Stage) -> str:
        user = stage.alice()
        cast.card_device(user)
        stage.sign_in_by_text(user)
        return path

    return way


def with_disabled_card(stage: Stage) -> str:
    """Somebody typed too many wrong responses: the card is disabled."""
    path = with_card("/settings/security/sls/")(stage)
    card = Card.objects.get()
    card.disabled_at, card.failures = card.shipped_at, 10
    card.save()
    return path
