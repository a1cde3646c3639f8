"""What a freeze ends, step by step, each with its line in the receipt."""

from accounts.api_tokens import services as api_tokens
from accounts.challenges import services as challenges
from accounts.contacts import pausing
from accounts.freeze.models import Freeze, Part
from accounts.ip_restrictions import stopping as addresses
from accounts.origin import Origin
from accounts.outbox import services as outbox
from accounts.sessions import endings
from accounts.sessions import services as sessions
from accounts.sessions.models import End
from accounts.users.models import User


def stop(made: Freeze, *, user: User, origin: Origin) -> None:
    """Ends what is known here; the rooms above end theirs by the entry. The caller holds the
    user's lock and saves ``made``."""
    ended = sessions.close_all(user=user, why=End.FROZEN, origin=origin)
    made.note(Part.SESSIONS, ended)
    made.note(Part.TOKENS, api_tokens.revoke_all(user=user, why="frozen", origin=origin))
    made.note(Part.BROWSERS, endings.forget_all(user))
    made.note(Part.CODES, challenges.cancel(user_id=user.pk))
    made.note(Part.MESSAGES, outbox.abort_codes(user.pk))
    made.note(Part.CHANGES, pausing.pause(user_id=user.pk, now=made.at))
    stopped = addresses.stop_widening(user, origin=origin)
    made.note(Part.ADDRESSES, stopped.changes)
    made.note(Part.DOOR, int(stopped.door))
