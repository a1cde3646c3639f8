"""What an owner adds to their alerts and silences of them. Silencing is told to every contact."""

from django.db import transaction

from accounts.alerts import categories, rules
from accounts.alerts.categories import Category, Way
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from accounts.users.models import User


class NotSilenceable(Exception):
    """The alerts of that category always come by that way."""


def may_be_silenced(category: Category) -> bool:
    """Whether some of its e-mails may be switched off."""
    return any(categories.of(event) is category for event in categories.SILENCEABLE)


def is_on(user: User, category: Category, way: Way) -> bool:
    """Whether the owner gets what they may choose of ``category`` by ``way``."""
    if way is Way.SMS:
        return rules.is_chosen(user.alert_choices, rules.ALSO_SMS, category)
    return not rules.is_chosen(user.alert_choices, rules.NO_EMAIL, category)


def switch(*, user_id: int, category: Category, way: Way, on: bool, origin: Origin) -> bool:
    """Adds a way to a category or takes it away; returns whether that changed anything.

    Taking away is for who proved that it is them, and is told to every contact. Raises
    ``NotSilenceable``.
    """
    if way is Way.EMAIL and not may_be_silenced(category):
        raise NotSilenceable
    kind, chosen = (rules.ALSO_SMS, on) if way is Way.SMS else (rules.NO_EMAIL, not on)
    with transaction.atomic():
        user = audit.lock(user_id)
        if rules.is_chosen(user.alert_choices, kind, category) == chosen:
            return False
        user.alert_choices = rules.changed(user.alert_choices, kind, category, chosen=chosen)
        user.save(update_fields=["alert_choices"])
        audit.record(
            Event.ALERTS_MORE if on else Event.ALERTS_LESS,
            user=user,
            origin=origin,
            detail={"category": category.value, "way": way.value},
        )
    return True


def set_digest(*, user_id: int, digest: str, origin: Origin, less: bool) -> bool:
    """How often the digest comes; returns whether that changed. Never less without ``less``."""
    with transaction.atomic():
        user = audit.lock(user_id)
        tells_less = rules.tells_less(user.digest, digest)
        if user.digest == digest or (tells_less and not less):
            return False
        user.digest = digest
        user.save(update_fields=["digest"])
        audit.record(
            Event.ALERTS_LESS if tells_less else Event.ALERTS_MORE,
            user=user,
            origin=origin,
            detail={"digest": digest},
        )
    return True
