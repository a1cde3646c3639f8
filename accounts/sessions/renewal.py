"""A new key for a session whenever its person has proven anew who they are (ASVS 7.2.4)."""

import secrets

from django.http import HttpRequest

from accounts.origin import digest
from accounts.sessions.models import Session


def renew(request: HttpRequest, row: Session) -> None:
    """The browser gets another key for the session of ``row``; the old one opens nothing any more.

    Nothing changes when the session has ended or was renewed by another request meanwhile. One
    statement.
    """
    key = secrets.token_urlsafe(32)
    live = Session.objects.filter(pk=row.pk, token=row.token, ended_at=None)
    if live.update(token=digest(key)) != 1:
        return
    row.token = digest(key)
    request.session.next_key = key
    request.session.cycle_key()
