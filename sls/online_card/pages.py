"""What the pages of the online card need."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.challenges.models import Challenge
from accounts.users.models import User
from sls.methods import bridging, registry
from sls.methods.online_card import rules, services
from sls.methods.temporary_passcode import services as passcodes


def page(user: User) -> dict:
    """``card`` is the active one or None, ``works`` whether it proves, ``may_make`` whether there
    may be a (further) one; ``passcode`` what let the client in, or None."""
    card = services.active(user.pk)
    return {
        "card": card,
        "works": card is not None and card.may_prove,
        "left": max(0, rules.SPENT - card.answered) if card else 0,
        "may_make": bridging.is_needed(user.pk),
        "passcode": passcodes.live(user.pk),
        "days": settings.ONLINE_CARD_DAYS,
        "device_url": reverse("device", args=[services.CODE, card.pk]) if card else "",
    }


def activation(challenge: Challenge) -> dict:
    """The two index numbers, and where their values go."""
    return {
        "asked": registry.asked(challenge),
        "is_open": is_open(challenge),
        "exhausted": challenge.tries_left < 1,
        "answer_url": reverse("online_card_activate", args=[challenge.pk]),
        "expires_at": challenge.expires_at,
    }


def is_open(challenge: Challenge) -> bool:
    """Whether the values may still be typed."""
    return challenge.is_open(timezone.now())
