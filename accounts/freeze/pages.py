"""What the pages of a freeze show: read from the tables, nothing changed."""

from django.urls import NoReverseMatch, reverse

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.freeze import receipts, services, wording
from accounts.freeze.links import Told
from accounts.freeze.models import Freeze, Trading
from accounts.users.models import User

NUMBER_MAX = 12  # digits of an entry's number


def about(user: User, typed: str) -> Entry | None:
    """The entry of the user's own record that the page is about: nobody names one of others."""
    if not (user.is_authenticated and typed.isascii() and typed.isdigit()):
        return None
    if len(typed) > NUMBER_MAX:
        return None
    return Entry.objects.filter(user_id=user.pk, number=int(typed)).first()


def trading(posted: str | None) -> Trading:
    """What was chosen; whatever else was posted is the choice that is made for the person."""
    return Trading(posted) if posted in Trading.values else Trading.CLOSE_ONLY


def entrance(user: User, entry: Entry | None) -> dict:
    """What the page says before the act. One query where there is an ``entry``."""
    return _choice() | {"entry": entry, "what": _label(entry) if entry else ""}


def link(told: Told) -> dict:
    """What the page of a link says. One query: whether everything is stopped already."""
    return _choice() | {
        "told": told,
        "name": _masked(told.user.username),
        "running": services.live(told.user.pk),
    }


def _choice() -> dict:
    return {
        "stops": wording.stops(),
        "goes_on": wording.goes_on(),
        "trading": wording.trading(),
        "chosen": Trading.CLOSE_ONLY.value,
    }


def receipt(made: Freeze) -> dict:
    """What was stopped, line by line. No query."""
    return {
        "freeze": made,
        "name": _masked(made.user.username),
        "lines": receipts.lines(made),
        "trading": wording.of_trading(made.trading),
        "about": _label(made.about) if made.about else "",
        "way_back": way_back() if made.thawed_at is None else "",
    }


def way_back() -> str:
    """Where the owner comes back in, "" where that is not built in."""
    try:
        return reverse("frozen")
    except NoReverseMatch:
        return ""


def _label(entry: Entry) -> str:
    return str(dict(Event.choices).get(entry.event, entry.event))


def _masked(name: str) -> str:
    return f"{name[:1]}..."
