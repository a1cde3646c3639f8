"""The protocol of the phone: ``/api/v1/ib-key/`` (JSON). Errors are problem+json.

What makes a phone known (``activating``) is open to anybody who can prove a user; all others are
signed by the phone (``calls``). No cookie and no bearer token opens any of them.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from accounts import agents, limits, places
from accounts.challenges.models import Purpose
from accounts.freeze import links
from accounts.marks import unmarked
from accounts.outbox import endpoints
from sls.methods import registry
from sls.methods.ib_key import activations, pushes, rules, schemas, services, signing, wording
from sls.methods.ib_key.calls import Phone, Refused, Signed, site
from sls.methods.ib_key.models import Push
from sls.methods.ib_key.rules import State, Why

router = Router(tags=["IB Key"])
SIGNED = unmarked("the phone signs each call itself")


@router.post(
    "/confirm", response=schemas.Confirmed, auth=Signed(pending=True), url_name="ib_key_confirm"
)
@SIGNED
def confirm(request: HttpRequest, sent: schemas.Confirm) -> dict[str, bool]:
    """The phone has its secret; from now on it is the one."""
    phone: Phone = request.auth
    replaced = activations.confirm(phone.device, response=sent.response, origin=phone.origin)
    if replaced is None:
        raise Refused(422, "wrong", _("The phone could not be activated. Start over."))
    return {"active": True, "replaced": replaced}


@router.post("/state", response=schemas.Standing, auth=Signed(), url_name="ib_key_state")
@SIGNED
def state(request: HttpRequest, sent: schemas.Empty) -> dict[str, Any]:
    """How the user stands on this phone, and what waits for approval."""
    device = request.auth.device
    push = pushes.last_of(device)
    waits = push is not None and push.state is State.WAITING
    return {
        "username": device.user.username,
        "state": "active",
        "element": device.element,
        "phone_name": device.name,
        "push": device.is_notified,
        "seamless": device.seamless,
        "approval": _approval(push) if push and waits else None,
        "last": {"id": str(push.pk), "state": push.state} if push and not waits else None,
        "now": timezone.now(),
    }


def _approval(push: Push) -> dict[str, Any]:
    return {
        "id": str(push.pk),
        "action": _action(push),
        "platform": push.platform,
        "place": places.in_words(push.address),
        "browser": agents.in_words(push.agent),
        "address": push.address,
        "asked_at": push.created_at,
        "expires_at": push.expires_at,
    }


def _action(push: Push) -> str:
    return str(wording.ACTIONS.get(push.challenge.purpose, wording.ACTIONS[Purpose.SIGN_IN]))


@router.post(
    "/approvals/{push_id}/seen", response=schemas.Done, auth=Signed(), url_name="ib_key_seen"
)
@SIGNED
def seen(request: HttpRequest, push_id: UUID, sent: schemas.Empty) -> dict[str, bool]:
    """The app shows it."""
    if not pushes.see(request.auth.device, push_id):
        raise _no_push()
    return {"ok": True}


def _no_push() -> Refused:
    return Refused(404, "unknown", _("There is no such request for this phone."))


@router.post(
    "/approvals/{push_id}/approve",
    response=schemas.Decided,
    auth=Signed(),
    url_name="ib_key_approve",
)
@SIGNED
def approve(request: HttpRequest, push_id: UUID, sent: schemas.Approve) -> dict[str, Any]:
    """Approves, by the digits of the page and a signature over them."""
    phone: Phone = request.auth
    push = Push.objects.select_related("challenge").filter(pk=push_id, device=phone.device).first()
    if push is None:
        raise _no_push()
    if not services.element_proves(
        phone.device, digits=sent.digits, response=sent.response, origin=phone.origin
    ):
        raise Refused(422, "pin", _("That is not your PIN. Try again."))
    became = pushes.approve(
        phone.device,
        push_id,
        digits=sent.digits,
        action=_action(push),
        at=sent.at,
        signature=signing.decode(sent.sig),
        origin=phone.origin,
        site=site(),
    )
    if became is None:
        raise Refused(401, "signature", _("The signature does not match."))
    if became is State.WRONG and push.stored == State.WAITING:
        text = _("Those are not the digits of the page. This request is over: ask for a new one.")
        raise Refused(422, "digits", text)
    if became is not State.APPROVED:
        raise Refused(409, became.value, str(wording.STATES[became]))
    return {"state": became}


@router.post(
    "/approvals/{push_id}/refuse", response=schemas.Decided, auth=Signed(), url_name="ib_key_refuse"
)
@SIGNED
def refuse(request: HttpRequest, push_id: UUID, sent: schemas.Refuse) -> dict[str, Any]:
    """Refuses, and says why; "not me" is told where everything can be stopped."""
    phone, why = request.auth, Why(sent.why)
    became = pushes.refuse(phone.device, push_id, why=why, origin=phone.origin)
    if became is None:
        raise _no_push()
    if became is not State.REFUSED:
        raise Refused(409, became.value, str(wording.STATES.get(became, wording.STATES["used"])))
    url = None
    if why is Why.NOT_ME:
        url = links.url(phone.device.user, to=links.PHONE, at=timezone.now())
    return {"state": became, "freeze_url": url}


@router.post(
    "/pin/question",
    response=schemas.Question,
    auth=Signed(inside=True),
    url_name="ib_key_pin_question",
)
@SIGNED
def pin_question(request: HttpRequest, sent: schemas.Empty) -> dict[str, str]:
    """What the old PIN has to answer before it is changed."""
    return {"question": services.pin_question(request.auth.device)}


@router.post("/pin", response=schemas.Done, auth=Signed(inside=True), url_name="ib_key_change_pin")
@SIGNED
def change_pin(request: HttpRequest, sent: schemas.ChangePin) -> dict[str, bool]:
    """Another PIN, by a response with the old one."""
    phone: Phone = request.auth
    if not rules.is_pin(sent.pin):
        raise Refused(422, "pin", _("A PIN has 4 to 6 letters and digits, one digit at least."))
    changed = services.change_pin(
        phone.device,
        response=sent.response,
        pin=sent.pin,
        origin=phone.origin,
    )
    if not changed:
        raise Refused(422, "wrong", _("That is not the PIN until now. Try again."))
    return {"ok": True}


@router.post("/rename", response=schemas.Done, auth=Signed(inside=True), url_name="ib_key_rename")
@SIGNED
def rename(request: HttpRequest, sent: schemas.Rename) -> dict[str, bool]:
    """Another name for the phone."""
    services.rename(request.auth.device, name=sent.name, origin=request.auth.origin)
    return {"ok": True}


@router.post("/remove", response=schemas.Done, auth=Signed(inside=True), url_name="ib_key_remove")
@SIGNED
def remove(request: HttpRequest, sent: schemas.Empty) -> dict[str, bool]:
    """The phone gives this user up."""
    device = request.auth.device
    with transaction.atomic():
        user, phones = activations.lock_phones(device.user)
        phone = next((one for one in phones if one.pk == device.pk), None)
        if user is None or phone is None:
            raise Refused(410, "removed", _("This phone was removed."))
        others = [row for row in registry.devices(user.pk) if row.id != device.persistent_id]
        # The same rule as in the portal: another permanent way stays.
        if not any(registry.get(row.method).permanent for row in others):
            text = _("It is your only lasting way to sign in. Add another one first.")
            raise Refused(409, "last", text)
        services.remove(phone, user=user, origin=request.auth.origin)
    return {"ok": True}


@router.post("/push-key", response=schemas.PushKey, url_name="ib_key_push_key")
@unmarked("the key is public")
def push_key(request: HttpRequest, sent: schemas.Empty) -> dict[str, str]:
    """What a subscription is bound to."""
    limits.demand("phones_per_address", request.origin.network)
    return {"key": endpoints.server_key()}


@router.post("/test", response=schemas.Done, auth=Signed(), url_name="ib_key_test")
@SIGNED
def test(request: HttpRequest, sent: schemas.Empty) -> dict[str, bool]:
    """Has a notification sent, to see whether it arrives."""
    limits.demand("tests_per_phone", str(request.auth.device.pk))
    if not services.test_notification(request.auth.device):
        raise Refused(409, "push", _("This phone takes no notifications. Turn them on again."))
    return {"ok": True}


@router.post("/received", response=schemas.Done, auth=Signed(), url_name="ib_key_received")
@SIGNED
def received(request: HttpRequest, sent: schemas.Empty) -> dict[str, bool]:
    """The app has shown a notification that was sent to test it."""
    services.receive(request.auth.device)
    return {"ok": True}


@router.post("/push", response=schemas.Done, auth=Signed(), url_name="ib_key_subscribe")
@SIGNED
def subscribe(request: HttpRequest, sent: schemas.Subscribe) -> dict[str, bool]:
    """Where notifications go, or nowhere."""
    given = sent.subscription
    if given and not endpoints.is_push_service(str(given.endpoint)):
        raise Refused(422, "push", _("That is no push service that we deliver to."))
    services.subscribe(request.auth.device, given and given.model_dump(mode="json"))
    return {"ok": True}
