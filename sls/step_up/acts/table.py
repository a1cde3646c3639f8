"""Every sensitive action and who describes it. An action that is not in the table is refused."""

from collections.abc import Mapping

from django.urls import resolve

from sls.step_up.acts import (
    alerts,
    api_tokens,
    automation,
    cards,
    ceilings,
    contacts,
    devices,
    ip_restrictions,
    narrowing,
    passwords,
    people,
    support,
    transactions,
    travel,
    withdrawals,
)
from sls.step_up.acts.act import Act, Describe

ACTS: dict[str, Describe] = {
    "algorithms.open": narrowing.algorithms_open,
    "alerts.change": alerts.alerts_change,
    "api_token.create": api_tokens.token_create,
    "automation.rule_remove": automation.rule_remove,
    "automation.resume": api_tokens.automation_resume,
    "backup_codes.renew": devices.codes_renew,
    "card.found": cards.card_found,
    "card.pin": cards.card_pin,
    "card.request": cards.card_request,
    "card.share": cards.card_share,
    "ceilings.raise": ceilings.ceilings_raise,
    "contacts.change": contacts.contacts_change,
    "device.add": devices.device_add,
    "device.remove": devices.device_remove,
    "ib_key.invite": devices.ib_key_invite,
    "online_card.make": devices.online_card_make,
    "ip_restrictions.change": ip_restrictions.change,
    "password.change": passwords.password_change,
    "phones.widen": narrowing.phones_widen,
    "phrase.change": alerts.phrase_change,
    "support.approve": support.support_approve,
    "sms.switch_off": devices.sms_switch,
    "transaction.confirm": transactions.confirm,
    "travel.announce": travel.announce,
    "travel.end": travel.end,
    "users.change": people.users_change,
    "withdrawal.request": withdrawals.request,
}


def describe(*, user_id: int, action: str, path: str, fields: Mapping[str, str]) -> Act:
    """The act that posting ``fields`` to ``path`` is.

    Raises ``KeyError`` for an unknown action and ``Http404`` for a thing the user does not have.
    """
    match = resolve(path.partition("?")[0])
    return ACTS[action](user_id, match.url_name, match.kwargs, fields)
