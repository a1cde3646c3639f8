"""The panels of User Settings and their rows, in the words of the client portal they follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.client_accounts.services import of_user
from accounts.contacts import services as contacts
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.contacts.rules import masked_phone
from accounts.users.models import User
from sls.methods import registry
from sls.methods.protocol import DeviceRow


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


def communication(user: User) -> Panel:
    """E-mail address, mobile number, and what messages will say. Two queries."""
    return Panel(
        "communication",
        _("Communication"),
        _("How we reach you, and where your security codes go."),
        [
            _contact(_("Email Address"), contacts.primary_email(user.pk), reverse("emails")),
            _contact(_("Mobile Number"), contacts.primary_phone(user.pk), reverse("phones")),
            Row(
                _("Alerts"),
                _("They go to every verified e-mail address. Choosing them comes later."),
                later=True,
            ),
            Row(_("Message Center Notification"), _("Not available yet."), later=True),
        ],
    )


def _contact(label: str, contact: EmailAddress | PhoneNumber | None, url: str) -> Row:
    if contact is None:
        return Row(label, _("None verified"), url=url, action=_("Add"))
    tone, state = "good", _("Verified")
    if isinstance(contact, PhoneNumber) and contact.opted_out_at is not None:
        tone, state = "warning", _("Text messages stopped")
    elif isinstance(contact, PhoneNumber) and contact.sms_refused_by_carrier:
        tone, state = "warning", _("Cannot take text messages")
    return Row(label, contact.shown, tone=tone, state=state, url=url, action=_("Configure"))


def login(user: User) -> Panel:
    """User name and password."""
    return Panel(
        "login",
        _("Login"),
        _("What you type to sign in."),
        [
            Row(_("User name"), user.username),
            Row(_("Password"), _("It is set. Changing it here comes later."), later=True),
            Row(_("Voting Subscription"), _("Not available yet."), later=True),
        ],
    )


def security(user: User) -> Panel:
    """The Secure Login System. One query."""
    devices = [_card(row) for row in registry.devices(user.pk)]
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
            Row(_("Security Device"), _("IB Key and the card come later."), later=True),
            Row(_("Security Device Sharing"), _("Not available yet."), later=True),
            Row(_("IP Restrictions"), _("Not available yet."), later=True),
        ],
        devices,
    )


def _card(row: DeviceRow) -> Card:
    name = masked_phone(row.destination) if row.destination else row.name
    return Card(row.method, name, str(registry.get(row.method).label), row.last_used_at)


def trading(user: User) -> Panel:
    """Accounts and rights. One query."""
    accounts = [
        Row(
            membership.account.number,
            membership.get_role_display(),
            more=membership.account.get_entity_display(),
        )
        for membership in of_user(user.pk)
    ]
    later = (_("Paper Trading"), _("Market Data"), _("Subscriber Status"), _("Read-Only Access"))
    return Panel(
        "trading",
        _("Trading Platform"),
        _("Your accounts, and what this user name may do on them."),
        accounts + [Row(label, _("Not available yet."), later=True) for label in later],
    )


ALL = (communication, login, security, trading)
BY_CODE = {build.__name__: build for build in ALL}
