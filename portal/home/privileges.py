"""What a user may do where: each interface against each right, and against each method.

Every cell is an answer of the decision that the brokerage's systems get (``sls.decisions.rules``,
put by ``permits.py``); there is no second copy of the rules.

The roles on accounts say what may be done at all; each interface offers a part of it; lists of
addresses, holds and limits narrow it. Programmatic access is kept apart (FEATURES 154): no token
opens a page, and no sign-in of a person opens an interface of tokens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.api_tokens import services as tokens
from accounts.api_tokens.rules import Scope
from accounts.client_accounts import rules as roles
from accounts.client_accounts import services as client_accounts
from accounts.client_accounts.models import Role as RoleKind
from accounts.client_accounts.rules import Right
from accounts.holds import services as holds
from accounts.holds.models import Hold
from accounts.holds.wording import told
from accounts.ip_restrictions import deciding
from accounts.ip_restrictions.rules import AllowList, compiled
from accounts.users.models import User
from portal.home import permits
from sls.decisions.rules import Decision, Outcome, Reason
from sls.login.platforms import takes
from sls.methods import registry
from sls.methods.protocol import DeviceRow
from sls.step_up.rules import needed
from sls.withdrawals import rules as limits
from sls.withdrawals import services as withdrawals
from sls.withdrawals import wording as limit_words

COLUMNS = (Right.VIEW, Right.TRADE, Right.FUND, Right.SETTINGS)
COLUMN_LABELS: dict[Right, Promise] = {
    Right.VIEW: gettext_lazy("See"),
    Right.TRADE: gettext_lazy("Trade"),
    Right.FUND: gettext_lazy("Move money"),
    Right.SETTINGS: gettext_lazy("Change settings"),
}


@dataclass(frozen=True, slots=True)
class Interface:
    """A way in. ``platform`` is the one that lists of addresses know it by."""

    code: str
    label: str | Promise
    platform: str
    offers: frozenset[Right]
    session: str = ""  # what its sessions are of; "" for what has none


INTERFACES = (
    Interface("portal", gettext_lazy("This portal"), "web", roles.OFFERS["web"], "web"),
    Interface("tws", "Trader Workstation", "tws", roles.OFFERS["tws"], "tws"),
    Interface("webtrader", "WebTrader", "web", roles.OFFERS["webtrader"], "webtrader"),
    Interface(
        "mobile", gettext_lazy("Mobile app"), "mobile", roles.OFFERS["mobile_ios"], "mobile_ios"
    ),
    Interface("api", gettext_lazy("API tokens"), "api", roles.TOKENS_OFFER),
)
SIGNED_IN = [one for one in INTERFACES if one.session]
_WHY: dict[str, Promise] = {
    Reason.ROLE: gettext_lazy("Not with your role."),
    Reason.NARROWED: gettext_lazy("You have taken it off your phones."),
    Reason.ALGORITHMS: gettext_lazy("No money leaves an account for algorithms."),
    Reason.PASSWORD: gettext_lazy("First a new password is to be chosen."),
    Reason.LIMIT: gettext_lazy("First set up a second factor."),
}
# What proves each right; what is not here needs no more than the sign-in.
ACTIONS = {Right.FUND: "withdrawal.request", Right.SETTINGS: "contacts.change"}


@dataclass(frozen=True, slots=True)
class Cell:
    """``state`` is "yes", "held" or "no"; ``words`` say it, ``more`` by what it is narrowed."""

    right: str
    label: str
    state: str
    words: str
    more: str


@dataclass(frozen=True, slots=True)
class Way:
    """An interface with its cells, and from where it can be used."""

    code: str
    label: str
    origin: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Role:
    """What the user is on an account."""

    account: str
    role: str
    about: str


@dataclass(frozen=True, slots=True)
class MethodCell:
    """What a method does at an interface; ``proves`` is "" where it moves no money."""

    label: str
    signs_in: bool
    proves: str


@dataclass(frozen=True, slots=True)
class MethodRow:
    """A method that the user has, at every interface that is signed in on."""

    label: str
    cells: list[MethodCell]


@dataclass(frozen=True, slots=True)
class Map:
    """The page. ``columns`` are the names of the rights, ``signed_in`` those of the interfaces that
    ``methods`` have cells for."""

    ways: list[Way]
    columns: list[str]
    roles: list[Role]
    methods: list[MethodRow]
    signed_in: list[str]


def of_user(user: User) -> Map:
    """The map of ``user``. Six queries."""
    now = timezone.now()
    memberships = client_accounts.of_user(user.pk)
    held = _holds(user, now)
    known = permits.Known(user, memberships, held, now)
    narrowed = _narrowed(user, known.devices)
    shut = {"api": _no_token(user, now)}
    allowed = compiled(deciding.entries(user.pk), now)
    ways = [
        Way(
            one.code,
            str(one.label),
            _origin(one, allowed),
            [
                _shut(right, shut[one.code])
                if shut.get(one.code)
                else _cell(right, one, known, narrowed)
                for right in COLUMNS
            ],
        )
        for one in INTERFACES
    ]
    said = [
        Role(
            one.account.number,
            one.get_role_display(),
            _("Second user name: never moves money")
            if one.second_name
            else RoleKind(one.role).about,
        )
        for one in memberships
    ]
    columns = [str(COLUMN_LABELS[right]) for right in COLUMNS]
    by_method = [
        MethodRow(
            str(registry.get(method).label),
            [MethodCell(str(one.label), *_by_method(method, one, known)) for one in SIGNED_IN],
        )
        for method in known.methods
    ]
    return Map(ways, columns, said, by_method, [str(one.label) for one in SIGNED_IN])


def _by_method(method: str, way: Interface, known: permits.Known) -> tuple[bool, str]:
    """Whether the method signs in there, and what it proves there of a withdrawal."""
    signs_in = takes(way.session, method)
    most = known.provable(method, way.session)
    if most is None:
        return signs_in, ""
    if most.is_infinite():
        return signs_in, _("Proves any withdrawal")
    said = {"amount": limit_words.amount(most)}
    return signs_in, _("Proves withdrawals up to %(amount)s today") % said


def _no_token(user: User, now: datetime) -> str:
    """Why no program reads the account of ``user``; "" where one may."""
    if user.automation_stopped_at is not None:
        return _("You have stopped all automation.")
    scopes = tokens.live(user.pk, now).values_list("scopes", flat=True)
    return "" if any(Scope.ACCOUNT in one for one in scopes) else _("You have no API token for it.")


def _shut(right: Right, why: str) -> Cell:
    """A cell of an interface that is not open at all; the first one says why."""
    more = why if right == COLUMNS[0] else ""
    return Cell(right.value, str(COLUMN_LABELS[right]), "no", _("No"), more)


def _holds(user: User, now: datetime) -> list[Hold]:
    return list(holds.of_user(user.pk, now).order_by(holds.LONGEST_FIRST))


def _narrowed(user: User, devices: Sequence[DeviceRow]) -> dict[Right, str]:
    """What each right asks for besides the sign-in, and how far it goes."""
    held = [registry.get(row.method) for row in devices]
    said = {}
    for right, action in ACTIONS.items():
        least = needed(action, [method.strength for method in held])
        labels = dict.fromkeys(str(one.label) for one in held if one.strength >= least)
        if labels:
            said[right] = _("Asks again for: %(factors)s.") % {"factors": ", ".join(labels)}
    most = limits.preview(
        [row.method for row in devices], table=withdrawals.table(), opted_out=user.opted_out
    )
    limit = _("At most %(limit)s.") % {"limit": limit_words.limit(most)}
    if most.day is None:
        limit = _("Without limit.")
    said[Right.FUND] = f"{said.get(Right.FUND, '')} {limit}".strip()
    return said


def _cell(right: Right, way: Interface, known: permits.Known, narrowed: dict[Right, str]) -> Cell:
    decision = known.best(permits.ACTION[right], way.session)
    found = {Outcome.HELD: "held", Outcome.REFUSED: "no"}.get(decision.outcome, "yes")
    words = {"yes": _("Yes"), "held": _("On hold"), "no": _("No")}[found]
    if found == "yes":
        more = narrowed.get(right, "")
    elif found == "held":
        more = _waits(decision, known.hold(permits.ACTION[right]), known.user.pk)
    else:
        # Of what an interface does not have nobody needs to know why.
        more = str(_WHY.get(decision.reason, "")) if right in way.offers else ""
    return Cell(right.value, str(COLUMN_LABELS[right]), found, words, more)


def _waits(decision: Decision, hold: Hold | None, user_id: int) -> str:
    if decision.reason == Reason.ALGORITHMS and decision.until is not None:
        until = date_format(timezone.localtime(decision.until), "DATETIME_FORMAT")
        return _("Opens %(time)s: the account is for algorithms.") % {"time": until}
    return told(hold, user_id) if hold else ""


def _origin(way: Interface, allowed: AllowList) -> str:
    spans = allowed.spans.get(way.platform)
    browsers = allowed.browsers.get(way.platform)
    said = []
    if spans is not None:
        count = len(spans.firsts)
        said.append(
            ngettext("From %(count)s listed network", "From %(count)s listed networks", count)
            % {"count": count}
        )
    if browsers is not None:
        said.append(_("In listed browsers only"))
    return ". ".join(said) or _("From anywhere")
