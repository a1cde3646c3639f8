"""Tokens that somebody found where they do not belong (FEATURES 153)."""

import hmac
from collections.abc import Iterable

from accounts.api_tokens import rules, services
from accounts.api_tokens.models import ApiToken
from accounts.audit.events import Event
from accounts.origin import Origin

MOST = 20  # tokens in one report
CALLS = 10  # that the owner is told of


def report(texts: Iterable[str], *, origin: Origin) -> None:
    """Revokes every good token among ``texts`` and tells its owner, with its last calls.

    Says nothing of which were good: whoever reports learns no more than they knew.
    """
    for text in list(texts)[:MOST]:
        # The checksum first: what was mistyped or made up costs no query.
        if (parts := rules.read(text)) is None:
            continue
        row = ApiToken.objects.filter(public=parts.id).first()
        if row is not None and hmac.compare_digest(row.digest, parts.digest):
            _revoke(row, origin)


def _revoke(row: ApiToken, origin: Origin) -> None:
    calls = row.calls.order_by("-id")[:CALLS]
    told = [f"{one.at:%Y-%m-%d %H:%M} UTC  {one.operation}  {one.address}" for one in calls]
    services.revoke(row=row, why="leaked", origin=origin, event=Event.API_TOKEN_LEAKED, calls=told)
