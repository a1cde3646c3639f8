"""An account moves to another legal entity: its users stay who they are, and are told.

Nothing that proves somebody hangs on the entity: authenticators, known devices and sessions stay,
so that nobody is locked out by a move (FEATURES 140).
"""

from django.db import transaction

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.client_accounts import opt_out, rules
from accounts.client_accounts.models import ClientAccount, LegalEntity, Membership
from accounts.origin import Origin


class CannotMove(ValueError):
    """The account cannot be moved; the message is one line for an operator."""


def move_entity(
    *, number: str, entity: LegalEntity, reason: str, origin: Origin, actor: str
) -> list[str]:
    """Moves the account. Returns the user names that were opted back in, because the new entity
    lets nobody opt out. Raises ``CannotMove``."""
    back = []
    with transaction.atomic():
        # The account is locked after its users, so somebody may join in between.
        members = Membership.objects.filter(account__number=number).order_by("user_id")
        users = [audit.lock(user_id) for user_id in members.values_list("user_id", flat=True)]
        account = ClientAccount.objects.select_for_update(no_key=True).filter(number=number).first()
        if account is None:
            raise CannotMove(f"there is no account {number}")
        if {user.pk for user in users} != set(members.values_list("user_id", flat=True)):
            raise CannotMove(f"the users of {number} changed meanwhile: please repeat")
        if account.entity == entity:
            raise CannotMove(f"{number} is at {entity} already")
        old, account.entity = account.entity, entity
        account.save(update_fields=["entity"])
        detail = {"account": number, "from": old, "entity": str(entity), "reason": reason}
        for user in users:
            if user.opted_out and not rules.may_opt_out([entity]):
                opt_out.end(user, origin=origin, actor=actor, by=str(entity.label))
                back.append(user.username)
            audit.record(Event.ACCOUNT_MOVED, user=user, origin=origin, actor=actor, detail=detail)
    return back
