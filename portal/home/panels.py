"""The panels of User Settings and their rows, in the words of the client portal they follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import joined
from accounts.client_accounts import services as client_accounts
from accounts.client_accounts.models import Membership
from accounts.contacts import check, reached
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.contacts.rules import masked_phone
from accounts.passwords import wording as passwords
from accounts.users.models import User
from sls.methods import registry
from sls.methods.protocol import DeviceRow
from sls.travel import services as travel
from sls.travel import wording as travel_words
from sls.travel.models import Notice

CARD = "dsc_plus"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a panel: what it is, what it is now, and where it is changed.

    ``tone`` and ``state`` are a meaning (good, notice, warning) and its word. ``later`` says that
    the row is not available yet; ``value`` says so in one line.
    """

    label: str
    value: str
    more: str = ""
    tone: str = ""
    state: str = ""
    url: str = ""
    action: str = ""
    later: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A device as a card. ``method`` chooses its drawing."""

    method: str
    name: str
    kind: str
    last_used: datetime | None


@dataclass(frozen=True, slots=True)
class Panel:
    """``code`` names the place (``components/places.html``) and the page ``settings_<code>``.

    ``devices`` stand as cards above the rows.
    """

    code: str
    title: str
    about: str
    rows: list[Row]
    devices: Sequence[Card] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What the panels say of a user."""

    email: EmailAddress | None
    phone: PhoneNumber | None
    devices: list[DeviceRow]
    notice: Notice | None
    memberships: list[Membership]


def known(user: User) -> Known:
    """One query."""
    return Known(
        *joined.read(
            *reached.reading_primary(user.pk),
            registry.reading(user.pk),
            travel.reading(user.pk, now()),
            client_accounts.reading(user.pk),
        )
    )


def communication(user: User, known: Known) -> Panel:
    """E-mail address, mobile number, and what messages will say."""
    return Panel(
        "communication",
        _("Communication"),
        _("How we reach you, and where your security codes go."),
        [
            _contact(_("Email Address"), known.email, reverse("emails")),
            _contact(_("Mobile Number"), known.phone, reverse("phones")),
            _checked(user),
            Row(
                _("Alerts"),
                _("They go to every verified e-mail address."),
                url=reverse("alerts_settings"),
                action=_("Choose"),
            ),
            _phrase(user),
            _inbox(user),
        ],
    )


def _phrase(user: User) -> Row:
    """The phrase itself is not shown here."""
    label, url = _("Phrase in our messages"), reverse("phrase")
    about = _("Tells our messages and calls from those of a swindler.")
    if user.phrase is None:
        return Row(label, _("None chosen"), more=about, url=url, action=_("Choose"))
    return Row(label, about, tone="good", state=_("Chosen"), url=url, action=_("See"))


def _inbox(user: User) -> Row:
    label, url, action = _("Message Center Notification"), reverse("inbox"), _("Read")
    if not user.unread:
        return Row(label, _("Everything in your inbox is read."), url=url, action=action)
    words = ngettext("%(count)d new notice", "%(count)d new notices", user.unread)
    unread = words % {"count": user.unread}
    return Row(label, unread, tone="notice", state=_("New"), url=url, action=action)


def _checked(user: User) -> Row:
    """When the owner last said that all is right."""
    label, url, action = _("Contact check"), reverse("contact_check"), _("Check")
    value = _("Not confirmed yet")
    if user.contacts_confirmed_at is not None:
        day = date_format(localtime(user.contacts_confirmed_at), _("j F Y"))
        value = _("Last confirmed on %(day)s") % {"day": day}
    if check.is_due(user, now()):
        return Row(label, value, tone="notice", state=_("Due"), url=url, action=action)
    return Row(label, value, url=url, action=action)


def _contact(label: str, contact: EmailAddress | PhoneNumber | None, url: str) -> Row:
    if contact is None:
        return Row(label, _("None verified"), url=url, action=_("Add"))
    tone, state = "good", _("Verified")
    if isinstance(contact, PhoneNumber) and contact.opted_out_at is not None:
        tone, state = "warning", _("Text messages stopped")
    elif isinstance(contact, PhoneNumber) and contact.sms_refused_by_carrier:
        tone, state = "warning", _("Cannot take text messages")
    return Row(label, contact.shown, tone=tone, state=state, url=url, action=_("Configure"))


def login(user: User, known: Known) -> Panel:
    """User name and password."""
    return Panel(
        "login",
        _("Login"),
        _("What you type to sign in."),
        [
            Row(_("User name"), user.username),
            Row(
                _("Password"),
                passwords.set_on(user.password_at),
                url=reverse("password"),
                action=_("Change"),
            ),
            Row(_("Voting Subscription"), _("Not available yet."), later=True),
        ],
    )


def security(user: User, known: Known) -> Panel:
    """The Secure Login System, and from where."""
    devices = [_card(row) for row in known.devices]
    mandatory = _("Two-Factor Authentication is mandatory and free of charge.")
    return Panel(
        "security",
        _("Security"),
        _("What proves that it is you, and from where you may sign in."),
        [
            Row(
                _("Secure Login System"),
                mandatory if devices else _("No second factor"),
                more="" if devices else mandatory,
                tone="good" if devices else "warning",
                state=_("Active") if devices else _("Missing"),
                url=reverse("devices"),
                action=_("Configure"),
            ),
            Row(
                _("Sessions and devices"),
                _("Where you are signed in, and the browsers that we know."),
                url=reverse("sessions"),
                action=_("See"),
            ),
            Row(
                _("Withdrawal limits"),
                _("They follow the second factor of whoever asks."),
                url=reverse("withdrawal_limits"),
                action=_("See"),
            ),
            Row(
                _("What if I lose something?"),
                _("Phone, SIM, computer, codes, e-mail: what would still let you in."),
                url=reverse("what_if"),
                action=_("See"),
            ),
            _security_device(devices),
            Row(
                _("Security Device Sharing"),
                _("A card of yours can serve several of your user names."),
                url=reverse("card_share"),
                action=_("Share"),
            ),
            _addresses(user),
            _travel(known.notice),
            Row(
                _("Recovery kit"),
                _("One page to print: our numbers, and the steps for when you are locked out."),
                url=reverse("recovery_kit"),
                action=_("See"),
            ),
            Row(
                _("Stop everything"),
                _("Not stopped. One button does it, and needs no proof."),
                url=reverse("not_me"),
                action=_("This was not me"),
            ),
        ],
        devices,
    )


def _security_device(devices: Sequence[Card]) -> Row:
    label = _("Security Device")
    if held := [card.name for card in devices if card.method == CARD]:
        return Row(label, ", ".join(held), url=reverse("devices"), action=_("Configure"))
    none = _("No security card. You can have one sent to you.")
    return Row(label, none, url=reverse("card_request"), action=_("Request"))


def _travel(notice: Notice | None) -> Row:
    label, url, action = _("Travel notice"), reverse("travel"), _("Configure")
    if notice is None:
        return Row(label, _("No journey now"), url=url, action=action)
    days = travel_words.days(notice)
    return Row(label, days, tone="good", state=_("In force"), url=url, action=action)


def _addresses(user: User) -> Row:
    is_restricted = bool(user.restrictions)
    return Row(
        _("IP Restrictions"),
        _("Only from listed places") if is_restricted else _("From anywhere"),
        tone="good" if is_restricted else "",
        state=_("Active") if is_restricted else "",
        url=reverse("ip_restrictions"),
        action=_("Configure"),
    )


def _card(row: DeviceRow) -> Card:
    name = masked_phone(row.destination) if row.destination else row.name
    return Card(row.method, name, str(registry.get(row.method).label), row.last_used_at)


def trading(user: User, known: Known) -> Panel:
    """Accounts and rights."""
    accounts = [
        Row(
            membership.account.number,
            membership.get_role_display(),
            more=membership.account.get_entity_display(),
            tone="notice" if membership.second_name else "",
            state=_("Second user name: never moves money") if membership.second_name else "",
        )
        for membership in known.memberships
    ]
    later = (_("Paper Trading"), _("Market Data"), _("Subscriber Status"), _("Read-Only Access"))
    return Panel(
        "trading",
        _("Trading Platform"),
        _("Your accounts, and what this user name may do on them."),
        [*accounts, _users(), _ceilings(), _tokens(user), _rules(), _algorithms(), _weekly()]
        + [Row(label, _("Not available yet."), later=True) for label in later],
    )


def _tokens(user: User) -> Row:
    label, url = _("API tokens"), reverse("api_tokens")
    if user.automation_stopped_at is not None:
        return Row(
            label,
            _("No program may call."),
            tone="notice",
            state=_("Stopped"),
            url=url,
            action=_("Review"),
        )
    about = _("For programs that read your account. They are kept apart from you.")
    return Row(label, about, url=url, action=_("See"))


def _algorithms() -> Row:
    about = _("Set an account apart for programs; no money leaves it.")
    url = reverse("algorithm_accounts")
    return Row(_("Accounts for algorithms"), about, url=url, action=_("See"))


def _rules() -> Row:
    about = _("Be told of what programs do, or stop them.")
    return Row(_("Rules for automation"), about, url=reverse("automation_rules"), action=_("See"))


def _ceilings() -> Row:
    about = _("The most that an order, a position or the use of margin may be.")
    return Row(_("Ceilings"), about, url=reverse("ceilings"), action=_("See"))


def _weekly() -> Row:
    about = _("When trading platforms ask you to sign in again.")
    return Row(_("Weekly sign-in"), about, url=reverse("weekly_sign_in"), action=_("Change"))


def _users() -> Row:
    about = _("Who may act on your accounts, and as what.")
    return Row(_("Account users"), about, url=reverse("account_users"), action=_("See"))


ALL = (communication, login, security, trading)
BY_CODE = {build.__name__: build for build in ALL}
