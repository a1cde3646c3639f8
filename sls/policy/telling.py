"""Telling people of a policy that covers them: each once when it is made, a week and a day before.

The rounds go in batches, and ``Policy.told_to`` remembers how far one has come. A batch that is
done twice tells nobody twice: each message has a key of its own.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import phrase
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.contacts import reached
from accounts.origin import SYSTEM, digest
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel
from accounts.sessions import services as sessions
from accounts.users.models import User
from sls.policy import rules, services
from sls.policy.models import TOLD, Policy
from sls.policy.rules import Stage

MESSAGE = "passkey_demanded"
BATCH = 200
MAIL_LIFE = timedelta(days=3)


def tell_due() -> bool:
    """Tells the next batch of every round that is due; says whether more people wait."""
    today = timezone.now().date()
    soon = Q(begins__gt=today, begins__lte=today + max(rules.REMINDERS.values()))
    more = False
    for policy in Policy.objects.in_hand().filter(Q(announced_at=None) | soon):
        stage = rules.stage_due(
            begins=policy.begins, made=policy.made_at.date(), told=policy.told, today=today
        )
        if stage is not None:
            more |= _tell_next(policy, stage)
    return more


def _tell_next(policy: Policy, stage: Stage) -> bool:
    people = services.audience(policy).filter(pk__gt=policy.told_to)
    if stage is not Stage.MADE:
        people = people.filter(holds_strong=False)
    batch = list(people.order_by("pk")[:BATCH])
    covered = [user for user in batch if _counts(policy, user)]
    if stage is Stage.MADE:
        waiting = [user.pk for user in covered if not user.holds_strong]
        sessions.demand_enrolment(waiting, since=policy.begins)
    for user in covered:
        _tell(user, policy, stage)
    if len(batch) == BATCH:
        return _moved(policy, told_to=batch[-1].pk)
    _moved(policy, told_to=0, **{TOLD[stage]: timezone.now()})
    return False


def _counts(policy: Policy, user: User) -> bool:
    """Whether this is the policy that counts for the user: not where another begins earlier."""
    standing = services.standing(user)
    return policy.begins in (standing.since, standing.coming)


def _moved(policy: Policy, **fields: object) -> bool:
    """Notes how far the round has come; False when another worker was faster, and goes on."""
    here = Policy.objects.filter(pk=policy.pk, told_to=policy.told_to)
    return here.update(**fields) == 1


def _tell(user: User, policy: Policy, stage: Stage) -> None:
    key = f"policy:{policy.pk}:{stage}:{user.pk}"
    with transaction.atomic():
        row = audit.lock(user.pk)
        addresses = reached.addresses_to_tell(row.pk)
        keys = {address: f"{key}:{digest(address)[:32]}" for address in addresses}
        if not keys or any(outbox.is_known(one) for one in keys.values()):
            return
        for address, dedupe in keys.items():
            outbox.enqueue(
                user=row,
                channel=Channel.EMAIL,
                name=MESSAGE,
                to=address,
                language=row.language,
                context=_context(user, policy),
                expires_at=timezone.now() + MAIL_LIFE,
                dedupe=dedupe,
                phrase=phrase.of(row),
            )
        audit.record(
            Event.POLICY_ANNOUNCED,
            user=row,
            origin=SYSTEM,
            actor="system",
            detail={"from": policy.begins.isoformat(), "stage": stage.value},
        )


def _context(user: User, policy: Policy) -> dict:
    return {
        "name": user.name,
        "username": user.username,
        "day": policy.begins,
        "in_force": services.standing(user).since is not None,
        "holds_strong": user.holds_strong,
    }
