"""What an alert says of its entry, in the reader's language and time zone."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db.models import TextChoices
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import agents, places, references
from accounts.alerts.wording import of_choice
from accounts.approvals.wording import act
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.automation.wording import of_detail as of_rule
from accounts.ceilings.wording import of_detail as of_ceiling
from accounts.client_accounts.models import LegalEntity, Role
from accounts.freeze.wording import of_trading


def of(entry: Entry, *, name: str) -> dict:
    """Words for the templates under ``messages/<name>/``, in the language that is active."""
    return {
        "what": f"messages/{name}/what.txt",
        "event": _label(Event, entry.event),
        "name": entry.user.name,
        "username": entry.user.username,
        "when": when(entry.at, entry.user.zone),
        "address": entry.origin.get("address", ""),
        "place": places.in_words(entry.origin.get("address", "")),
        "device": agents.in_words(entry.origin.get("agent", "")),
        "method": method(entry.detail.get("method", "")),
        "contact": entry.detail.get("phone") or entry.detail.get("email") or "",
        "left": entry.detail.get("left"),
        "country": places.name_of(entry.detail.get("country", "")),
        "unusual": [unusual(one, entry) for one in entry.detail.get("unusual", ())],
        "by_owner": entry.actor == "self",
        "card": entry.detail.get("card", ""),
        "account": entry.detail.get("account", ""),
        "member": entry.detail.get("member", ""),
        "role": _label(Role, entry.detail.get("role", "")),
        "entity": _label(LegalEntity, entry.detail.get("entity", "")),
        "in_use_from": _day(entry.detail.get("in_use_from", "")),
        "token_name": entry.detail.get("name", ""),
        "calls": entry.detail.get("calls", []),
        "alerts_choice": of_choice(entry.detail) if entry.event in CHOICES else "",
        "entry_reference": reference(entry),
        **_freeze(entry),
        **_session(entry),
        **_algorithms(entry),
        **_journey(entry),
        **_transaction(entry),
        "said": said(entry.detail),
        "automation_stopped": bool(entry.detail.get("stopped")),
        **_ceiling(entry),
        "case_reference": _case(entry),
        **_support(entry),
        "new_sim_hours": settings.SIM_SWAP_HOURS,
        "trial_minutes": settings.RESTRICTION_TRIAL_MINUTES,
        "restriction_hours": settings.RESTRICTION_DELAY_HOURS,
        "door_minutes": settings.DOOR_MINUTES,
        "hold_hours": settings.HOLD_HOURS,
    }


CHOICES = frozenset({Event.ALERTS_MORE, Event.ALERTS_LESS})


def _label(choices: type[TextChoices], value: str) -> str:
    return str(choices(value).label) if value in choices.values else ""


FREEZES = frozenset(
    {
        Event.FROZEN,
        Event.TRADING_STOPPED,
        Event.THAW_ASKED,
        Event.THAW_STOPPED,
        Event.THAWED,
    }
)


def _freeze(entry: Entry) -> dict[str, str]:
    """Its reference, what of the trading it stops, and when it may end; "" where not told."""
    detail = entry.detail if entry.event in FREEZES else {}
    reference, trading, at = (detail.get(name, "") for name in ("reference", "trading", "at"))
    return {
        "freeze_reference": references.shown(reference) if reference else "",
        "trading_stopped": of_trading(trading) if trading else "",
        "thaws_at": when(datetime.fromisoformat(at), entry.user.zone) if at else "",
    }


def _session(entry: Entry) -> dict[str, str]:
    """The platform of a trading session, and when its week ends; nothing for another entry."""
    if entry.event not in (Event.SESSION_ENDS, Event.SESSION_LAPSED):
        return {}
    at = entry.detail.get("at", "")
    return {
        "platform": agents.in_words(entry.detail.get("platform", "")),
        "ends_at": when(datetime.fromisoformat(at), entry.user.zone) if at else "",
    }


def _algorithms(entry: Entry) -> dict[str, str]:
    """From when on money leaves an account for algorithms; "" where not told."""
    at = entry.detail.get("opens_at", "") if entry.event == Event.ALGORITHMS_OPENING else ""
    return {"opens_at": when(datetime.fromisoformat(at), entry.user.zone) if at else ""}


def _journey(entry: Entry) -> dict[str, str]:
    """First and last day and the countries of a travel notice; nothing for another entry."""
    if entry.event not in (Event.TRAVEL_ANNOUNCED, Event.TRAVEL_ENDED):
        return {}
    named = [places.name_of(code) for code in entry.detail["countries"]]
    return {
        "journey_from": _day(entry.detail["first"]),
        "journey_to": _day(entry.detail["last"]),
        "journey_countries": ", ".join(named),
    }


_TRANSACTIONS: dict[str, Promise] = {
    "withdrawal": gettext_lazy("Withdrawal"),
    "transfer": gettext_lazy("Transfer of positions"),
    "order": gettext_lazy("Order"),
    "deposit": gettext_lazy("Deposit"),
    "other": gettext_lazy("Other"),
}


def _transaction(entry: Entry) -> dict[str, str]:
    """A flagged transaction: its kind and amount, its reference, and until when an answer is waited
    for; nothing of what it is for, and nothing for another entry."""
    detail = entry.detail
    if not entry.event.startswith("transaction."):
        return {}
    kind = str(_TRANSACTIONS.get(detail.get("kind", ""), ""))
    until = detail.get("until", "")
    return {
        "transaction": f"{kind}, {money(detail)}" if detail.get("amount") else "",
        "transaction_reference": references.shown(detail["reference"]),
        "transaction_until": when(datetime.fromisoformat(until), entry.user.zone) if until else "",
    }


def money(detail: dict) -> str:
    """Currency and amount, "USD 25,000.00", as the language writes numbers."""
    amount = number_format(Decimal(detail["amount"]), 2, force_grouping=True)
    return f"{detail['currency']} {amount}"


def said(detail: dict) -> str:
    """What an entry says of a ceiling or of a rule for automation, "" for every other."""
    return of_ceiling(detail) or of_rule(detail)


def _ceiling(entry: Entry) -> dict[str, str]:
    """When a ceiling rises; nothing for another entry."""
    at = entry.detail.get("at", "") if entry.event == Event.CEILING_RAISES else ""
    return {"rises_at": when(datetime.fromisoformat(at), entry.user.zone)} if at else {}


CASES = frozenset({Event.CASE_ANSWERED, Event.CASE_CLOSED})


def _case(entry: Entry) -> str:
    """Its reference; nothing of what is written in it."""
    return references.shown(entry.detail["reference"]) if entry.event in CASES else ""


SUPPORT = frozenset({Event.APPROVAL_ASKED, Event.SUPPORT_ACTED})


def _support(entry: Entry) -> dict[str, str]:
    """Who of our staff it was, and what; nothing for another entry."""
    if entry.event not in SUPPORT:
        return {}
    return {"staff_name": entry.detail["staff"], "act": act(entry.detail["act"])}


def _day(iso: str) -> str:
    # Translators: a date format of Django, such as "Y年n月j日" in Japanese.
    return date_format(date.fromisoformat(iso), _("j F Y")) if iso else ""


def when(at: datetime, zone: str) -> str:
    """Date, time and zone; an unknown zone is told in UTC."""
    try:
        local = at.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        local, zone = at.astimezone(ZoneInfo("UTC")), "UTC"
    shown = zone.rpartition("/")[2].replace("_", " ")
    return f"{date_format(local, 'DATETIME_FORMAT')} {local.tzname()} ({shown})"


def method(code: str) -> str:
    """A second factor in words; the rooms that know it lie above."""
    return {
        "sms": _("text message or voice call"),
        "authenticator_app": _("authenticator app"),
        "passkey": _("passkey"),
        "ib_key": _("IB Key"),
        "backup_codes": _("backup codes"),
        "dsc_plus": _("security card"),
        "temporary_passcode": _("temporary passcode"),
        "online_card": _("online security code card"),
    }.get(code, code)


def unusual(signal: str, entry: Entry) -> str:
    """What was unusual about a sign-in, as one says it; the rooms that know the code lie above."""
    country = places.name_of(entry.detail.get("country", ""))
    return {
        "new_device": _("A browser that was not used before"),
        "new_country": _("A country that you do not usually sign in from: %(country)s"),
        "travel": _("Too soon after your last sign-in, which was in another country: %(country)s"),
        "outside_travel": _(
            "Neither a country of the journey that you announced nor one that you usually sign in "
            "from"
        ),
        "hour": _("A time of day at which you do not usually sign in"),
        "failures": _("Several passwords that did not match just before"),
        "contact": _("An e-mail address, a telephone number or a SIM card changed lately"),
    }[signal] % {"country": country}


def reference(entry: Entry) -> str:
    """What support finds the entry by: its number and the start of its digest."""
    return f"{entry.number}-{entry.digest[:6].upper()}"
