"""What is in motion: whatever ends, takes effect or can be taken back by itself.

One query for all of it. Each kind is a pair of functions: ``_…_rows`` says which rows there are
and what of them is read (``_read``); ``_…_words`` says each in a sentence, with one action. A
further kind is one more line of ``KINDS``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import CharField, F, QuerySet, Value
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.api_tokens.models import ApiToken
from accounts.api_tokens.telling import WARNING
from accounts.challenges.wording import moment
from accounts.contacts import kinds
from accounts.contacts.models import Change
from accounts.contacts.models import What as Changed
from accounts.holds import services as holds
from accounts.holds.models import What, Why
from accounts.holds.wording import WHAT, of_other, waits
from accounts.ip_restrictions.models import Restriction
from accounts.ip_restrictions.rules import State
from accounts.joined import Read
from accounts.prepared import prepared
from accounts.users.models import User
from sls.methods.dsc_plus.models import Order
from sls.recovery.models import Delay
from sls.travel import countries
from sls.travel.models import Notice, codes

HELD = ("hold", "shared")  # what stands still: of the user, and of an account of theirs
_NOTHING = Value("", CharField())


class Row(NamedTuple):
    """``at`` is when it began or was sent, ``ends`` when it is over; None for what has no end."""

    code: str
    what: str
    why: str
    at: datetime
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Moving:
    """A sentence that says until when and why, and the one thing that can be done (a URL name)."""

    code: str
    label: str
    text: str
    url: str
    action: str
    ends: datetime | None


def of_user(user: User, now: datetime | None = None) -> list[Moving]:
    """What is in motion for ``user``: what stands still without an end first, then
    what ends soonest, then what has no time. One query."""
    return reading(user, now or timezone.now()).alone()


def reading(user: User, now: datetime) -> Read[list[Moving]]:
    """``of_user``, to be read along with something else."""

    def said(rows: list[tuple]) -> list[Moving]:
        found = [_words(Row(*row)) for row in rows] + _door(user, now)
        return sorted(_once(found), key=lambda one: _place(one, now))

    return Read(_moving, {"user_id": user.pk, "now": now}, said)


def _place(one: Moving, now: datetime) -> tuple[int, datetime]:
    if one.ends is not None:
        return 1, one.ends
    return (0 if one.code in HELD else 2), now


def _once(found: list[Moving]) -> list[Moving]:
    """Entries of a list go on trial together: what reads the same is said once."""
    return list({(one.code, one.label, one.text): one for one in found}.values())


@prepared
def _moving(user_id: int, now: datetime) -> QuerySet[tuple]:
    first, *rest = (rows(user_id, now).order_by() for rows, _words in KINDS.values())
    return first.union(*rest, all=True)


def _read(
    code: str,
    rows: QuerySet,
    *,
    at: str,
    ends: str,
    what: str | Value = _NOTHING,
    why: str | Value = _NOTHING,
) -> QuerySet[tuple]:
    """``rows`` with the columns of ``Row``, by the names of their fields."""
    read = [F(one) if isinstance(one, str) else one for one in (what, why, at, ends)]
    return rows.values_list(Value(code, CharField()), *read)


def _words(row: Row) -> Moving:
    label, text, url, action = KINDS[row.code][1](row)
    return Moving(row.code, str(label), text, url, str(action), row.ends)


Said = tuple[str | Promise, str, str, str | Promise]


def _held_rows(user_id: int, now: datetime) -> QuerySet:
    mine = holds.live(now).filter(user_id=user_id)
    return _read("hold", mine, what="what", why="why", at="since", ends="until")


def _held_words(row: Row) -> Said:
    text = waits(row.why, row.ends)
    if row.why == Why.TRANSACTION:
        return WHAT[What(row.what)], text, "transactions", gettext_lazy("Answer")
    if row.why == Why.FROZEN:
        return WHAT[What(row.what)], text, "holds", gettext_lazy("What goes on")
    return WHAT[What(row.what)], text, "not_me", gettext_lazy("This was not me")


def _shared_rows(user_id: int, now: datetime) -> QuerySet:
    theirs = holds.of_others(user_id, now)
    return _read("shared", theirs, what="what", why="account", at="since", ends="until")


def _shared_words(row: Row) -> Said:
    return WHAT[What(row.what)], of_other(row.why), "holds", gettext_lazy("What goes on")


def _trial_rows(user_id: int, now: datetime) -> QuerySet:
    mine = Restriction.objects.on_trial().filter(user_id=user_id, turns_at__gt=now)
    return _read("trial", mine, what="state", at="made_at", ends="turns_at")


def _trial_words(row: Row) -> Said:
    until = {"until": moment(row.ends)}
    if row.what == State.LEAVING:
        text = _("An entry is removed on trial. It comes back on %(until)s unless you confirm.")
    else:
        text = _("On trial. Taken back on %(until)s unless you confirm.")
    return gettext_lazy("IP Restrictions"), text % until, "ip_restrictions", gettext_lazy("Confirm")


def _leaving_rows(user_id: int, now: datetime) -> QuerySet:
    mine = Restriction.objects.filter(user_id=user_id, state=State.ACTIVE, turns_at__gt=now)
    return _read("leaving", mine, at="made_at", ends="turns_at")


def _leaving_words(row: Row) -> Said:
    text = _("An entry is removed on %(until)s, and more places can sign in then.")
    until = {"until": moment(row.ends)}
    return gettext_lazy("IP Restrictions"), text % until, "ip_restrictions", gettext_lazy("Keep it")


_CHANGED: dict[tuple[str, str], Promise] = {
    (kinds.EMAIL.name, Changed.ADDED): gettext_lazy("An e-mail address was added."),
    (kinds.EMAIL.name, Changed.PRIMARY): gettext_lazy("The primary e-mail address changed."),
    (kinds.EMAIL.name, Changed.REMOVED): gettext_lazy("An e-mail address was removed."),
    (kinds.PHONE.name, Changed.ADDED): gettext_lazy("A telephone number was added."),
    (kinds.PHONE.name, Changed.PRIMARY): gettext_lazy("The primary telephone number changed."),
    (kinds.PHONE.name, Changed.REMOVED): gettext_lazy("A telephone number was removed."),
}


def _changed_rows(user_id: int, now: datetime) -> QuerySet:
    mine = Change.objects.filter(user_id=user_id, undone_at=None, until__gt=now)
    return _read("change", mine, what="what", why="kind", at="at", ends="until")


def _changed_words(row: Row) -> Said:
    is_email = row.why == kinds.EMAIL.name
    label = gettext_lazy("Email Address") if is_email else gettext_lazy("Mobile Number")
    undo = _("You can undo it until %(until)s.") % {"until": moment(row.ends)}
    text = f"{_CHANGED[row.why, row.what]} {undo}"
    return label, text, "emails" if is_email else "phones", gettext_lazy("Undo")


def _recovery_rows(user_id: int, _now: datetime) -> QuerySet:
    mine = Delay.objects.filter(user_id=user_id, ended_at=None)
    return _read("recovery", mine, at="begun_at", ends="due_at")


def _recovery_words(row: Row) -> Said:
    text = _("A new way to sign in was asked for. It can be set up from %(until)s.")
    until = {"until": moment(row.ends)}
    return gettext_lazy("Recovery"), text % until, "not_me", gettext_lazy("This was not me")


def _order_rows(user_id: int, _now: datetime) -> QuerySet:
    mine = Order.objects.filter(user_id=user_id, confirmed_at__isnull=False)
    # ``shipped_at`` is empty in all of them, and of the type that the union needs.
    mine = mine.filter(cancelled_at=None, shipped_at=None)
    return _read("card", mine, at="confirmed_at", ends="shipped_at")


def _order_words(row: Row) -> Said:
    text = _("Asked for on %(at)s. We will tell you when it is on its way.")
    at = {"at": moment(row.at)}
    return gettext_lazy("Security card"), text % at, "devices", gettext_lazy("See")


def _token_rows(user_id: int, now: datetime) -> QuerySet:
    mine = ApiToken.objects.filter(user_id=user_id, revoked_at=None, expires_at__gt=now)
    soon = mine.filter(expires_at__lte=now + WARNING)
    return _read("token", soon, what="name", at="created_at", ends="expires_at")


def _token_words(row: Row) -> Said:
    text = _("“%(name)s” ends on %(until)s unless you renew it.")
    said = text % {"name": row.what, "until": moment(row.ends)}
    return gettext_lazy("API tokens"), said, "api_tokens", gettext_lazy("Review")


def _travel_rows(user_id: int, now: datetime) -> QuerySet:
    mine = Notice.objects.in_hand(now).filter(user_id=user_id)
    return _read("travel", mine, what="countries", at="starts_at", ends="ends_at")


def _travel_words(row: Row) -> Said:
    text = _("From %(from)s to %(until)s: %(countries)s. Sign-ins from elsewhere are asked more.")
    said = text % {
        "from": moment(row.at),
        "until": moment(row.ends),
        "countries": ", ".join(countries.named(codes(row.what))),
    }
    return gettext_lazy("Travel notice"), said, "travel", gettext_lazy("Review")


def _door(user: User, now: datetime) -> list[Moving]:
    """What stands on the user row."""
    found = []
    label = _("Emergency door")
    if user.door_until and user.door_until > now:
        text = _("It lets in one address outside your IP restrictions until %(until)s.")
        said = text % {"until": moment(user.door_until)}
        found.append(Moving("door", label, said, "ip_restrictions", _("Review"), user.door_until))
    return found


Words = Callable[[Row], Said]
KINDS: dict[str, tuple[Callable[[int, datetime], QuerySet], Words]] = {
    "hold": (_held_rows, _held_words),
    "shared": (_shared_rows, _shared_words),
    "trial": (_trial_rows, _trial_words),
    "leaving": (_leaving_rows, _leaving_words),
    "change": (_changed_rows, _changed_words),
    "recovery": (_recovery_rows, _recovery_words),
    "card": (_order_rows, _order_words),
    "token": (_token_rows, _token_words),
    "travel": (_travel_rows, _travel_words),
}
