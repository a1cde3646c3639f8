"""The session that asks for a decision."""

import re
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Func, Q, QuerySet

from accounts.prepared import prepared
from accounts.sessions import rules
from accounts.sessions.models import Session

KEY = 64
_REFERENCE = re.compile("[0-9a-f]{12}")


def locked(reference: str) -> Session | None:
    """The open session, on whatever platform, whose key begins so, with its user; both locked. What
    ends a session or takes rights away holds the user's lock, so nothing that the decision rests
    on is read before."""
    if not _REFERENCE.fullmatch(reference):
        return None
    return _of_keys.first(first=reference, last=reference.ljust(KEY, "f"))


def is_over(row: Session, now: datetime) -> bool:
    """Whether the session opens nothing now."""
    if row.locked_at is not None or not row.user.is_active or row.limited_to:
        return True
    why = rules.ended(
        now, seen_at=row.seen_at, idle_seconds=row.idle_seconds, expires_at=row.expires_at
    )
    return bool(why)


class _ByBytes(Func):
    """A comparison of texts that no language has a part in."""

    template = "%(expressions)s"
    output_field = BooleanField()

    def __init__(self, *expressions: Any, sign: str) -> None:
        super().__init__(*expressions, arg_joiner=f" ~{sign}~ ")
        self._plain = f" {sign} "

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple:
        return self.as_sql(compiler, connection, arg_joiner=self._plain, **context)


@prepared
def _of_keys(first: str, last: str) -> QuerySet[Session]:
    """By first and last key and not by how one begins: so the index serves a statement that is
    planned before the reference is known. By bytes: there are languages that sort "aa" behind "z".

    The user's row is locked first, as everywhere. The session's is locked because only a locked row
    is read anew after waiting: it may have been ended meanwhile.
    """
    begins = Q(_ByBytes("key", first, sign=">=")) & Q(_ByBytes("key", last, sign="<="))
    live = Session.objects.filter(begins, ended_at=None)
    both = live.select_related("user").select_for_update(no_key=True, of=("user", "self"))
    return both[:1]
