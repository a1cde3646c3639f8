"""What bridges the time without a device: a temporary passcode, and the online card."""

from collections.abc import Callable
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.users.models import User
from sls.methods.device import Authenticator
from tests import cast
from tests.journeys.stage import Stage

PAGE = "/settings/security/online-card/"


def passcode_page(stage: Stage) -> str:
    """Alice, asked for her temporary passcode."""
    user = stage.alice()
    return _asked(stage, user, cast.passcode(user))


def online_card_page(stage: Stage) -> str:
    """Alice, asked for two values of her online card."""
    user = stage.alice()
    return _asked(stage, user, cast.online_card(user))


def _asked(stage: Stage, user: User, device: Authenticator) -> str:
    url = cast.begin(stage.client, user.username)
    stage.post(f"{url}method/", device=device.persistent_id)
    return url


def limited(stage: Stage) -> str:
    """Alice, let in by a passcode that opens the page of the card alone by now."""
    user = stage.alice()
    device = cast.passcode(user, at=timezone.now() - timedelta(days=3))
    stage.post(f"{_asked(stage, user, device)}answer/", code=cast.PASSCODE)
    return PAGE


def limited_with_card(stage: Stage) -> str:
    """The same, and she has activated one."""
    page = limited(stage)
    cast.online_card(User.objects.get(username="alice"))
    return page


def activation(stage: Stage) -> str:
    """Alice has printed the sheet and comes back to activate it."""
    return stage.client.post(f"{limited(stage)}make/").context["answer_url"]


def activation_over(stage: Stage) -> str:
    """The same, too late."""
    url = activation(stage)
    stage.expire()
    return url


def held(path: str, *, card: bool = True) -> Callable[[Stage], str]:
    """Alice, signed in by her telephone, at ``path``; she has a passcode, and maybe a card."""

    def way(stage: Stage) -> str:
        user = stage.alice()
        stage.sign_in(user)
        cast.passcode(user)
        if card:
            cast.online_card(user)
        return path

    return way


def one(stage: Stage) -> str:
    """The page of her online card among her authenticators."""
    user = stage.alice()
    stage.sign_in(user)
    return reverse("device", args=["online_card", cast.online_card(user).pk])
