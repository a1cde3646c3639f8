"""The ways out that the settings choose."""

from django.conf import settings

from accounts.outbox.gateways import email, hook, lookup, memory, twilio, web_push
from accounts.outbox.ports import Gateways

TELEPHONES = {"twilio": twilio.from_settings, "memory": memory.from_settings}
MAILERS = {"smtp": email.from_settings, "memory": memory.from_settings}
PUSHERS = {"web_push": web_push.from_settings, "memory": memory.from_settings}
HOOKS = {"http": hook.from_settings, "memory": memory.from_settings}
NUMBERS = {
    "twilio": lookup.from_settings,
    "memory": memory.from_settings,
    "none": lookup.NoNumbers,
}


def chosen() -> Gateways:
    """The ways that ``TELEPHONE_GATEWAY``, ``MAIL_GATEWAY``, ``PUSH_GATEWAY``, ``HOOK_GATEWAY`` and
    ``NUMBER_INTELLIGENCE`` name."""
    return Gateways(
        telephone=TELEPHONES[settings.TELEPHONE_GATEWAY](),
        mail=MAILERS[settings.MAIL_GATEWAY](),
        push=PUSHERS[settings.PUSH_GATEWAY](),
        numbers=NUMBERS[settings.NUMBER_INTELLIGENCE](),
        hooks=HOOKS[settings.HOOK_GATEWAY](),
    )
