from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.client_accounts.rules import OFFERS
from accounts.origin import SYSTEM
from accounts.sessions import rules, services
from accounts.sessions.models import End

LOSES_RIGHTS = frozenset({Event.ACCOUNT_USER_REMOVED, Event.ACCOUNT_USER_ROLE})
ENDS_OTHERS = frozenset({Event.EMAIL_UNDONE, Event.PHONE_UNDONE})


def react(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """Whoever made a change that was undone may still be signed in: every session ends, but the one
    in which it was undone. Whose role on an account changed signs in anew on trading platforms, and
    so does who has to change the password, because the portal alone leads to the page for that."""
    if entry.event in ENDS_OTHERS:
        services.close_all(
            user=entry.user, why=End.REVOKED, origin=SYSTEM, spare=note.get("session", "")
        )
    elif entry.event == Event.PASSWORD_DEMANDED or _lost_rights(entry):
        # What a platform was told of rights is not true any more; the portal asks anew each time.
        elsewhere = [name for name in OFFERS if name != rules.WEB]
        services.close_all(user=entry.user, why=End.REVOKED, origin=SYSTEM, platforms=elsewhere)


def _lost_rights(entry: Entry) -> bool:
    return entry.event in LOSES_RIGHTS and entry.detail["member"] == entry.user.username
