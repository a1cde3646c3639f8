"""Systems of the brokerage's own: named in the settings, with the hash of a token and what it is
for.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator
from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from accounts import limits
from accounts.problems import Problem

PLATFORM = "brokerage"
_BEARER = re.compile(r"(?i:bearer) +([\x21-\x7e]{16,200})")


class Scope(StrEnum):
    """What a system may be there for. One that is named without any asks for decisions only."""

    DECISIONS = "decisions"
    FIGURES = "figures"
    DOCUMENTS = "documents"
    EVENTS = "events"
    TRANSACTIONS = "transactions"


# What a system brings of its own accord, as opposed to what a client waits for.
DELIVERED = frozenset(Scope) - {Scope.DECISIONS}


def is_there(scope: Scope) -> bool:
    """Whether the operator has named a system that is there for ``scope``."""
    return any(scope in scopes for _name, _digest, scopes in _named())


def _named() -> Iterator[tuple[str, str, list[str]]]:
    """Name, digest of the token, and what it is for."""
    for entry in settings.SERVICE_TOKENS:
        name, digest, scopes = [*entry.split(":"), Scope.DECISIONS][:3]
        yield name, digest, scopes.split("+")


class ServiceToken(HttpBearer):
    """Says which system calls, if its token is for ``scope``."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = Scope(scope)

    def __call__(self, request: HttpRequest) -> str:
        """Its name. Raises ``Problem`` and ``limits.TooMany``."""
        read = _BEARER.fullmatch(request.headers.get("Authorization", ""))
        sent = hashlib.sha256((read[1] if read else "").encode()).hexdigest()
        found, scopes = "", []
        for name, digest, given in _named():
            if hmac.compare_digest(digest.lower(), sent):
                found, scopes = name, given
        if read is None or not found:
            # Guesses are slowed; a system that is known asks for decisions as often as it has to.
            limits.count(request, "calls_per_address", request.origin.network)
            raise Problem(401, "Send the token of a system of the brokerage.")
        if self.scope not in scopes:
            raise Problem(403, "The token was not issued for this.", reason="scope")
        if self.scope in DELIVERED:
            limits.count(request, "deliveries_per_system", f"{found}:{self.scope}")
        return found

    def authenticate(self, request: HttpRequest, token: str) -> None:
        """Not asked: ``__call__`` reads the header itself."""
