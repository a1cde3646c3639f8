"""One card for several user names of the same person (DOMAIN 1.13), with the consent of both.

Failures and challenges count for the card, everything else for the name: what is frozen or disabled
under one name goes on under the other.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges.models import Purpose
from accounts.challenges.wording import Problem
from accounts.origin import Origin, digest
from accounts.users.models import User
from sls.cards import clearing, listing, rules, wording
from sls.cards.models import Share
from sls.cards.rules import Refusal, Sharing
from sls.methods import registry
from sls.methods.device import record_enrolled
from sls.methods.dsc_plus import services as card_services
from sls.methods.dsc_plus.models import CardDevice
from sls.methods.dsc_plus.services import CODE, LABEL
from sls.methods.protocol import DeviceRow

LIFE = timedelta(minutes=15)


def begin(*, user: User, holder: User, session: str, origin: Origin) -> Share | Refusal:
    """Asks the card of ``holder``, whose password is proven, to consent to serve ``user`` too.

    Raises ``limits.TooMany`` when the card was asked too often.
    """
    device = _shareable(holder)
    if refusal := _refusal(user, holder, device):
        return refusal
    with transaction.atomic():
        locked = audit.lock(holder.pk)
        Share.objects.filter(user=user, consented_at=None).delete()
        share = Share(user=user, session=session, device=device, created_at=timezone.now())
        share.challenge = registry.get(CODE).challenge(
            _row(device),
            user=locked,
            purpose=Purpose.SHARING,
            bound_to=digest(str(share.pk)),
            origin=origin,
        )
        share.save(force_insert=True)
    return share


def _row(device: CardDevice) -> DeviceRow:
    rows = registry.devices(device.user_id)
    return next(row for row in rows if row.id == device.persistent_id)


def _shareable(holder: User) -> CardDevice | None:
    ids = {row.id for row in registry.devices(holder.pk)}
    own = listing.own(holder.pk).filter(confirmed=True)
    return next((one for one in own if one.persistent_id in ids), None)


def _refusal(user: User, holder: User, device: CardDevice | None) -> Refusal | None:
    mine, theirs = registry.devices(user.pk), registry.devices(holder.pk)
    lasting = [registry.get(row.method) for row in mine if registry.get(row.method).permanent]
    return rules.refusal_to_share(
        Sharing(
            same_name=user.pk == holder.pk,
            card_works=device is not None,
            already=device is not None and listing.names_on(device.card).filter(user=user).exists(),
            persons=(holder.person, user.person),
            cleared=clearing.is_cleared(user=user, holder=holder),
            methods=frozenset(row.method for row in [*mine, *theirs]),
            strength=registry.get(CODE).strength,
            strongest=max((method.strength for method in lasting), default=0),
        )
    )


def find(share_id: object, *, user_id: int, session: str) -> Share | None:
    """The sharing that this session began. One query."""
    mine = Share.objects.filter(pk=share_id, user_id=user_id, session=session, done_at=None)
    return mine.select_related("challenge", "device__card", "device__user", "user").first()


def answer(share: Share, *, text: str, origin: Origin) -> Problem | None:
    """Takes the response of the holder's card. None when it consents. Not inside a transaction.

    A wrong one counts for the card, as everywhere.
    """
    method = registry.get(CODE)
    read = method.read(text, share.challenge)
    if read.problem:
        return read.problem
    verdict = method.verify(share.challenge, read.answer, origin=origin)
    if verdict.is_ok:
        Share.objects.filter(pk=share.pk).update(consented_at=timezone.now())
        return None
    if verdict.evaluated:
        card_services.record_refused(share.challenge, verdict, origin=origin)
    share.challenge.refresh_from_db()
    return Problem(verdict.outcome.value, verdict.said)


def finish(share: Share, *, origin: Origin) -> CardDevice | Refusal:
    """The card serves the requesting name from now on, if it still may. Told to both."""
    if share.consented_at is None or timezone.now() >= share.consented_at + LIFE:
        return Refusal.NOT_CONSENTED
    with transaction.atomic():
        user = audit.lock(share.user_id)
        holder = share.device.user
        if refusal := _refusal(user, holder, _shareable(holder)):
            return refusal
        if Share.objects.filter(pk=share.pk, done_at=None).update(done_at=timezone.now()) != 1:
            return Refusal.ALREADY
        card = share.device.card
        device = CardDevice.objects.create(
            user=user, card=card, name=f"{LABEL} {card.masked}", shared=True
        )
        record_enrolled(device, method=CODE, user=user, origin=origin)
        detail = {"method": CODE, "card": card.masked, "with": holder.username}
        audit.record(Event.CARD_SHARED, user=user, origin=origin, detail=detail)
    with transaction.atomic():
        detail = {"method": CODE, "card": card.masked, "with": user.username}
        audit.record(
            Event.CARD_SHARED,
            user=audit.lock(holder.pk),
            origin=origin,
            actor=f"name:{user.username}",
            detail=detail,
        )
    return device


def take_away(*, device: CardDevice, username: str, origin: Origin) -> Refusal | None:
    """The card of ``device`` does not serve ``username`` any more. None when it is so."""
    others = listing.names_on(device.card).filter(shared=True).exclude(pk=device.pk)
    other = others.filter(user__username=username).first()
    if device.shared or other is None:
        return Refusal.GONE
    with transaction.atomic():
        user = audit.lock(other.user_id)
        registry.get(CODE).revoke(other, user=user, origin=origin, why="unshared")
    return None


def refusal_in_words(refusal: Refusal) -> Problem:
    """The refusal for a page that says why something was not accepted."""
    return Problem(refusal.value, wording.of_refusal(refusal))


def purge() -> int:
    """Deletes sharings that came to nothing. Returns how many."""
    old = Share.objects.filter(done_at=None, created_at__lt=timezone.now() - 2 * LIFE)
    return old.delete()[0]
