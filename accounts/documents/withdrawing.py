"""A document is taken back by the system that delivers them: it was another client's, or wrong."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.client_accounts.models import Membership, Role
from accounts.documents.models import Document, Opening, Piece
from accounts.documents.services import detail_of
from accounts.origin import Origin


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """``opened_by`` are the user names of everybody who had opened it, in the order of the
    alphabet."""

    document: Document
    opened_by: list[str]


def withdraw(*, pk: UUID, origin: Origin) -> Withdrawn | None:
    """Deletes what the document held, key and pieces, so that only backups have it for as long as
    they are kept. The row stays, and each owner of the account has it on record who had opened it.
    The second time changes nothing; None where there is no such document."""
    with transaction.atomic():
        account_id = Document.objects.filter(pk=pk).values_list("account", flat=True).first()
        # Whoever may open it holds their own lock while they do: afterwards nobody begins to, and
        # everybody who did is known.
        on_it = Membership.objects.filter(account=account_id).order_by("user")
        users = {user_id: audit.lock(user_id) for user_id in on_it.values_list("user", flat=True)}
        rows = Document.objects.select_for_update(no_key=True, of=("self",))
        found = rows.select_related("account").filter(pk=pk).first()
        if found is None:
            return None
        names = Opening.objects.filter(document=found).values_list("user__username", flat=True)
        opened_by = sorted(names)
        if found.withdrawn_at is None:
            _empty(found)
            detail = detail_of(found) | {"opened_by": opened_by}
            for owner in on_it.filter(role=Role.OWNER).values_list("user", flat=True):
                audit.record(
                    Event.DOCUMENT_WITHDRAWN,
                    user=users[owner],
                    origin=origin,
                    actor="system",
                    detail=detail,
                )
        return Withdrawn(found, opened_by)


def _empty(found: Document) -> None:
    Piece.objects.filter(document=found).delete()
    found.key, found.withdrawn_at = None, timezone.now()
    found.save(update_fields=["key", "withdrawn_at"])
