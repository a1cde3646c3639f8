"""The ways out that the settings choose."""

from django.conf import settings

from accounts.outbox.gateways import email, memory, twilio
from accounts.outbox.ports import Gateways

TELEPHONES = {"twilio": twilio.from_settings, "memory": memory.from_settings}
MAILERS = {"smtp": email.from_settings, "memory": memory.from_settings}


def chosen() -> Gateways:
    """Telephone and mail as ``TELEPHONE_GATEWAY`` and ``MAIL_GATEWAY`` name them."""
    return Gateways(
        telephone=TELEPHONES[settings.TELEPHONE_GATEWAY](),
        mail=MAILERS[settings.MAIL_GATEWAY](),
    )
