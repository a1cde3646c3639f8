"""The verbs of the client's own phrase (``accounts/phrase.py`` opens and seals it)."""

from django.conf import settings
from django.db import transaction

from accounts import phrase as phrases
from accounts.alerts import rules
from accounts.alerts.rules import Flaw
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin


def keep(*, user_id: int, typed: str, origin: Origin) -> Flaw | None:
    """Keeps the phrase that was typed for every message from now on; "" takes it away.

    For who proved that it is them. Returns why it is not taken, or None. The audit holds that it
    was changed, never what it is.
    """
    phrase = rules.tidied(typed)
    with transaction.atomic():
        user = audit.lock(user_id)
        before = phrases.of(user)
        if phrase and (found := _flaw(user, phrase)):
            return found
        if phrase == before:
            return None
        user.phrase = phrases.sealed(user, phrase)
        user.save(update_fields=["phrase"])
        audit.record(_event(before, phrase), user=user, origin=origin)
    return None


def _flaw(user: object, phrase: str) -> Flaw | None:
    found = rules.flaw(phrase, own=(user.username, user.name), brand=settings.PORTAL_BRAND)
    if found is None and any(user.check_password(one) for one in {phrase, phrase.casefold()}):
        return Flaw.PASSWORD
    return found


def _event(before: str, after: str) -> Event:
    if not after:
        return Event.PHRASE_REMOVED
    return Event.PHRASE_CHANGED if before else Event.PHRASE_SET
