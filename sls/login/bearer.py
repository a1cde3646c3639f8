"""The token of a session on another platform than the portal: read, judged, and seated.

No cookie opens an operation and no token a page: either kind of session is found in its own place
only (``sessions.services.find``). Whatever ended the session, took its user's access away or left
the list of addresses holds from the next call on, because nothing is kept from call to call.
"""

import re
from dataclasses import replace

from django.http import HttpRequest
from ninja.security import HttpBearer

from accounts import limits
from accounts.ip_restrictions.deciding import decide
from accounts.problems import Problem
from accounts.sessions import services
from accounts.sessions.models import End, Session
from accounts.users.locale import speak
from sls.login import spoken

_BEARER = re.compile(r"(?i:bearer) +([\x21-\x7e]{1,200})")
_ENDED = {
    End.SIGNED_OUT: "The session was signed out.",
    End.IDLE: "The session ended after a time without a call.",
    End.ABSOLUTE: "The session has lasted as long as one may.",
    End.WEEKLY: "The week of the session is over. Please sign in again.",
    End.TAKEN_OVER: "Another trading platform took the place of this one.",
    End.FROZEN: "Everything is stopped for this user name.",
    End.ADDRESS: "The session was used from an address that is not let in.",
}


class SessionToken(HttpBearer):
    """A session that gives ``right``; None asks for a live one and nothing more."""

    def __init__(self, right: str | None = None) -> None:
        super().__init__()
        self.right = right

    def __call__(self, request: HttpRequest) -> Session:
        """The row, with its user. Raises ``Problem`` and ``limits.TooMany``."""
        limits.count(request, "calls_per_address", request.origin.network)
        read = _BEARER.fullmatch(request.headers.get("Authorization", ""))
        if read is None:
            raise Problem(401, "Send the token of a session: Authorization: Bearer …")
        row, why = services.find(read[1], on_web=False)
        if row is None or row.locked_at is not None:
            reason = {"reason": why} if why else {}
            raise Problem(401, _ENDED.get(why, "There is no such session."), **reason)
        # A browser may have sent its cookies along: it is not its session that acts.
        request.token_origin = replace(
            request.origin,
            platform=row.platform,
            session=row.key,
            device=row.browser,
            device_token="",
            agent=row.agent,
        )
        if not decide(user=row.user, origin=request.token_origin).is_let_in:
            services.end(row=row, why=End.ADDRESS, origin=request.token_origin)
            raise Problem(403, _ENDED[End.ADDRESS], kind="address")
        speak(request, row.user)
        if self.right is not None and self.right not in spoken.rights(row):
            raise Problem(403, "The session does not give that right.")
        return row

    def authenticate(self, request: HttpRequest, token: str) -> None:
        """Not asked: ``__call__`` reads the header itself."""
