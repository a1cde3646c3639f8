"""The beginning of the protocol of the phone (``api``): whoever can prove a user makes a phone
known. Errors are problem+json.
"""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status

from accounts import gathered, limits
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges import sending
from accounts.challenges.models import Purpose
from accounts.challenges.rules import Outcome
from accounts.contacts.rules import masked_phone
from accounts.marks import unmarked
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel
from accounts.users.models import User
from sls.methods import outcome, registry
from sls.methods.device import Then
from sls.methods.ib_key import activations, rules, schemas, services, signing, wording
from sls.methods.ib_key.calls import Refused, site
from sls.methods.ib_key.models import PhoneActivation
from sls.methods.protocol import DeviceRow

router = Router(tags=["IB Key"])
PROVES = unmarked("it proves the user itself, as the sign-in does")


@router.post("/activations", response={201: schemas.Begun}, url_name="ib_key_begin")
@PROVES
def begin(request: HttpRequest, sent: schemas.Begin) -> Status[dict[str, Any]]:
    """Begins to activate a phone. Whatever is wrong is answered alike."""
    limits.demand("sign_ins_per_address", request.origin.network)
    if sent.session_id:
        opened = activations.claim(sent.session_id, origin=request.origin)
    else:
        opened = activations.begin(
            username=sent.username,
            password=sent.password,
            origin=request.origin,
            standing=registry.standing,
        )
    if opened.unusual:
        raise Refused(401, "refused", wording.in_the_portal())
    if opened.activation is None:
        raise _refused()
    activation, user = opened.activation, opened.activation.user
    rows, migrates = [], False
    if activation.proven_at:
        migrates = services.phone_of(user.pk) is not None
    else:
        rows = activations.proving(opened.held, user_id=user.pk, lost=opened.lost)
        migrates = activations.CODE in {*opened.lost, *(row.method for row in opened.held)}
        if not rows:
            raise Refused(401, "refused", wording.in_the_portal())
    needs, question = "nothing", None
    if rows:
        needs = "response" if rows[0].method == "dsc_plus" else "code"
    if needs == "response":
        question = _ask(activation, rows[0], request=request, delivery=None).question
    return Status(
        201,
        {
            "activation": opened.token,
            "needs": needs,
            "challenge": question,
            "numbers": [_number(row, first=row is rows[0]) for row in rows],
            "migrates": migrates,
            "username": user.username,
            "expires_at": activation.expires_at,
        },
    )


def _proving(user_id: int) -> list[DeviceRow]:
    held, lost = registry.standing(user_id)
    return activations.proving(held, user_id=user_id, lost=lost)


def _refused() -> Refused:
    text = _("This could not be activated. Check what you typed, or call us.")
    return Refused(401, "refused", text)


def _number(row: DeviceRow, *, first: bool) -> dict[str, object]:
    masked = masked_phone(row.destination) if row.destination else registry.label(row)
    return {"id": row.id, "masked": masked, "primary": first}


def _ask(
    activation: PhoneActivation,
    row: DeviceRow,
    *,
    request: HttpRequest,
    delivery: Channel | None,
) -> Any:
    with transaction.atomic():
        user = audit.lock(activation.user_id)
        with gathered.gathering():
            challenge = registry.get(row.method).challenge(
                row,
                user=user,
                purpose=Purpose.ENROLMENT,
                bound_to=activation.digest,
                origin=request.origin,
                delivery=delivery,
            )
            activations.put(activation, challenge)
    return challenge


def _found(token: str) -> PhoneActivation:
    activation = activations.find(token)
    if activation is None:
        raise _over()
    return activation


def _over() -> Refused:
    return Refused(410, "over", _("That took too long. Start over."))


@router.post(
    "/activations/{token}/code", response={202: schemas.CodeSent}, url_name="ib_key_send_code"
)
@PROVES
def send_code(request: HttpRequest, token: str, sent: schemas.SendCode) -> Status[dict[str, Any]]:
    """Sends the activation code; the same code again while it lives."""
    limits.demand("sign_ins_per_address", request.origin.network)
    activation, channel = _found(token), Channel(sent.delivery)
    rows = _proving(activation.user_id)
    row = next((row for row in rows if row.id == sent.number and row.destination), None)
    if row is None or activation.proven_at:
        raise Refused(422, "number", _("Choose one of the numbers."))
    challenge, now = activation.challenge, timezone.now()
    if challenge is None or not challenge.is_open(now) or challenge.device != row.id:
        if channel is Channel.SMS and not row.takes_sms:
            raise Refused(422, "number", _("That number takes calls only."))
        challenge = _ask(activation, row, request=request, delivery=channel)
    else:
        with transaction.atomic():
            user = audit.lock(activation.user_id)
            decided = sending.send_code(
                challenge,
                user=user,
                channel=channel,
                origin=request.origin,
                sensitive=row.sensitive,
            )
        if decided.bar is not None:
            text = _("Another code cannot be sent yet.")
            raise Refused(429, "wait", text, retry_after=decided.seconds(now) or 1)
    now = timezone.now()
    then = sending.may_send(challenge, outbox.code_sends(challenge.destination, now), now)
    return Status(
        202, {"reference": challenge.reference, "next_at": then.at, "sends_left": then.left}
    )


@router.post(
    "/activations/{token}/finish", response={201: schemas.Finished}, url_name="ib_key_finish"
)
@PROVES
def finish(request: HttpRequest, token: str, sent: schemas.Finish) -> Status[dict[str, Any]]:
    """Proves the user, takes the key of the phone and gives it its secret: once a call, and the
    secret before is worth nothing any more."""
    limits.demand("sign_ins_per_address", request.origin.network)
    activation = _found(token)
    point = signing.decode(sent.public_key)
    text = signing.activation_text(activation=token, origin=site())
    if not point or not signing.is_key(point):
        raise Refused(422, "key", _("That is no key of a phone."))
    if not signing.is_signed(point, text, signing.decode(sent.proof)):
        raise Refused(422, "key", _("The phone did not show that it holds its key."))
    pin = sent.pin if sent.element == rules.Element.PIN else None
    if sent.element == rules.Element.PIN and not rules.is_pin(pin or ""):
        raise Refused(422, "pin", _("A PIN has 4 to 6 letters and digits, one digit at least."))
    offer = activations.Offer(
        public_key=point,
        element=rules.Element(sent.element),
        pin=pin,
        instance=str(sent.phone.instance),
        name=sent.phone.name,
        platform=sent.phone.platform,
    )
    if activation.proven_at:
        given = activations.give(activation, offer, origin=request.origin)
    else:
        given = _prove(activation, sent.code or sent.response, offer, request)
    if given is None:
        raise _refused()
    return Status(
        201,
        {
            "device": str(given.device.pk),
            "secret": signing.encode(given.secret),
            "suite": rules.suite(sent.element),
            "username": activation.user.username,
            "phone_name": given.device.name,
        },
    )


def _prove(
    activation: PhoneActivation, text: str, offer: activations.Offer, request: HttpRequest
) -> activations.Given | None:
    """Judges what was typed, which is counted as everywhere; where it is right, the phone is given
    its secret in the same transaction."""
    challenge = activation.challenge
    if challenge is None:
        raise Refused(422, "wrong", _("Ask for the activation code first."))
    method = registry.get(challenge.method)
    reading = method.read(text, challenge)
    if reading.problem is not None:
        raise Refused(422, "wrong", reading.problem.text)
    if not any(row.id == challenge.device for row in _proving(activation.user_id)):
        # Since the code was sent something stronger was enrolled, or its number has a new SIM card.
        raise Refused(401, "refused", wording.in_the_portal())
    given: list[activations.Given | None] = []

    def do(user: User) -> None:
        activations.prove_by(activation)
        given.append(activations.hand_over(activation, offer, user=user, origin=request.origin))

    then = Then(lambda: activations.lock_asked(activation), do)
    try:
        verdict = method.verify(challenge, reading.answer, origin=request.origin, then=then)
    except PhoneActivation.DoesNotExist:
        raise _over() from None  # another code was asked for meanwhile; nothing was judged
    if verdict.is_ok:
        return given[0]
    with transaction.atomic():
        user = audit.lock(activation.user_id)
        outcome.record(
            Event.ACTIVATION_FAILED, challenge, verdict, user=user, origin=request.origin
        )
    if verdict.outcome is Outcome.WRONG:
        text = verdict.said or _("That code does not match.")
        raise Refused(422, "wrong", text, tries_left=verdict.tries_left)
    raise Refused(410, "over", verdict.said or _("That code takes no more answers. Start over."))
