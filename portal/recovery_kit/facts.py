"""Everything on a kit that can change: what is printed, and what it is compared by."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.client_accounts.services import of_user
from accounts.contacts import reached
from accounts.contacts.rules import masked_email, masked_phone
from accounts.support import record
from accounts.users.models import User
from accounts.vault import blind_index
from portal.recovery_kit import rules, wording
from sls.methods import registry
from sls.methods.backup_codes.models import CodeSet

# Rises with every change of what the steps say.
STEPS = 2


@dataclass(frozen=True, slots=True)
class Fact:
    """``lines`` are printed; ``values`` are compared, the same in every language."""

    code: str
    label: str
    lines: Sequence[str]
    values: Sequence[object]


def of(user: User) -> dict[str, Fact]:
    """By code, in the order of the page. Five queries."""
    found = (*_of_us(), *_of_owner(user), *_steps())
    return {fact.code: fact for fact in found}


def _of_us() -> list[Fact]:
    support = record.current()
    host = settings.PUBLIC_BASE_URL.partition("://")[2]
    return [
        Fact("telephone", _("Telephone"), *_numbers(support)),
        Fact("hours", _("When somebody answers"), [support.hours], [support.hours_in]),
        Fact("chat", _("Live chat"), [support.chat or _("None")], [support.chat]),
        Fact("address", _("Our address"), [host], [settings.PUBLIC_BASE_URL]),
        Fact("company", _("Company"), [support.legal_entity], [support.legal_entity]),
        Fact("senders", _("Messages come from"), support.senders, support.senders),
    ]


def _numbers(support: Any) -> tuple[list[str], list[str]]:
    """The number, and further ones with what they are for."""
    shown = [support.telephone, *(f"{number} ({label})" for label, number in support.others)]
    return shown, [support.telephone, *(number for _label, number in support.others)]


def _of_owner(user: User) -> list[Fact]:
    rows = registry.devices(user.pk)
    held = [(row.id, row.name, row.destination, row.takes_sms) for row in rows]
    codes = CodeSet.objects.filter(CodeSet.live(), user=user).first()
    left = codes.left if codes else 0
    emails = [one.address for one in reached.emails_to_tell(user.pk)]
    phones = [one.number for one in reached.numbers_to_tell(user.pk)]
    numbers = sorted(one.account.number for one in of_user(user.pk))
    name = f"{user.username[:1]}..."
    return [
        Fact("name", _("User name"), [name], [user.username]),
        Fact("accounts", _("Accounts"), [f"{n[:1]}...{n[-2:]}" for n in numbers], numbers),
        Fact("devices", _("Authenticators"), [registry.label(row) for row in rows], held),
        Fact("codes", _("Backup codes left"), [str(left)], [left]),
        Fact("emails", _("E-mail addresses"), [masked_email(one) for one in emails], emails),
        Fact("phones", _("Telephone numbers"), [masked_phone(one) for one in phones], phones),
    ]


def _steps() -> list[Fact]:
    wait = settings.FREEZE_THAW_HOURS
    return [
        Fact("freeze", _("To stop everything"), wording.freeze(wait), [STEPS, wait]),
        Fact("revoke", _("To revoke keys and bank instructions"), wording.revoke(), [STEPS]),
    ]


def marks(user: User, found: dict[str, Fact]) -> dict[str, str]:
    """A short keyed digest of each fact: nobody without the key guesses what it stands for, and
    that of one person says nothing about another's."""
    return {code: _mark(user, fact) for code, fact in found.items()}


def _mark(user: User, fact: Fact) -> str:
    text = json.dumps([user.pk, fact.code, list(fact.values)], ensure_ascii=True)
    return blind_index(text, "recovery kit")[: rules.MARK]
