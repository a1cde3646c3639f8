"""What the pages of authenticators show: read from the tables, nothing changed."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.challenges import shown
from accounts.challenges.models import Challenge
from accounts.users.models import User
from sls.devices import cards, listing, removal, rules, services, wording
from sls.methods import registry
from sls.methods.backup_codes.models import CodeSet
from sls.methods.device import Authenticator
from sls.methods.ib_key.models import IbKeyDevice
from sls.methods.protocol import Method
from sls.withdrawals import services as withdrawals


def overview(user: User, *, current: str) -> dict:
    """``cards`` in the client's order, ``recommended`` and ``others`` to add, ``advice`` or "".

    ``current`` is the persistent id of the authenticator that the session stands on. A query for
    each method, however many authenticators there are.
    """
    held = listing.held(user.pk)
    standings = [listing.standing(one) for one in held if one.may_prove]
    codes_left = sum(one.left for one in held if isinstance(one, CodeSet) and one.may_prove)
    methods = {listing.method_of(one).code for one in held if one.may_prove}
    advice = rules.advice(standings, codes_left=codes_left, methods=methods)
    return {
        "cards": cards.all_of(held, current=current),
        "advice": wording.of_advice(advice) if advice else "",
        "recommended": cards.recommended(held),
        "others": cards.others(held),
        "can_switch_off": rules.refusal_to_switch_off(standings) is None,
    }


def one(device: Authenticator, *, user: User, current: str) -> dict:
    """``card``, why it has to stay (``refusal``, or ""), what its removal does to the ``limits``,
    and the addresses of what can be done."""
    args = [listing.method_of(device).code, device.pk]
    refusal = removal.refusal(device)
    return {
        "card": cards.card(device, current=current, has_permanent=True),
        "device": device,
        "refusal": wording.of_refusal(refusal) if refusal else "",
        "limits": withdrawals.preview_removal(user=user, device_id=device.persistent_id),
        "page_url": reverse("device", args=args),
        "name_url": reverse("device_name", args=args),
        "test_url": reverse("device_test", args=args),
        # A phone activates itself, and takes the place of the one before.
        "replace_url": reverse("ib_key")
        if isinstance(device, IbKeyDevice)
        else reverse("device_replace", args=args),
        "remove_url": reverse("device_remove", args=args),
    }


def test(device: Authenticator, challenge: Challenge | None) -> dict:
    """``stage`` is "start", "answer" or "works"; at "answer" what ``methods/<code>/answer.html``
    takes is there."""
    code = listing.method_of(device).code
    url = reverse("device_test", args=[code, device.pk])
    stage = "start"
    if challenge is not None and challenge.used_at is not None:
        stage = "works"
    elif challenge is not None and is_open(challenge):
        stage = "answer"
    return {
        "device": device,
        "stage": stage,
        "step": _question(challenge, registry.asked(challenge)) if stage == "answer" else None,
        "face": f"methods/{code}/answer.html",
        "page_url": url,
        "answer_url": url,
        "again_url": url,
    }


def is_open(challenge: Challenge) -> bool:
    """Whether an answer could still succeed."""
    return challenge.is_open(timezone.now())


def _question(challenge: Challenge, facts: Mapping[str, Any] | None = None) -> shown.Question:
    return shown.question(challenge, destination="", options=(), shown=facts)


def open_enrolment(challenge: Challenge) -> dict:
    """The page of an enrolment that waits for its first answer."""
    return {
        **enrolment(registry.get(challenge.method), services.shown_while_enrolling(challenge)),
        "step": _question(challenge),
        "page_url": reverse("device_enrol", args=[challenge.pk]),
        "answer_url": reverse("device_enrol_answer", args=[challenge.pk]),
    }


def enrolment(method: Method, facts: Mapping[str, Any]) -> dict:
    """What ``methods/<code>/enrol.html`` takes beside an answer: ``shown`` is what the method tells
    for this page alone. ``again_url`` begins anew, ``done_url`` leads back."""
    return {
        "method": method,
        "shown": facts,
        "face": (f"methods/{method.code}/enrol.html", "devices/_enrol.html"),
        "again_url": reverse("devices"),
        "done_url": reverse("devices"),
    }
