"""Who has a time to bridge without a device of their own."""

from sls.methods.dsc_plus.models import Order
from sls.methods.dsc_plus.services import awaiting_activation
from sls.methods.temporary_passcode import services as passcodes


def is_needed(user_id: int) -> bool:
    """Whether the user may have an online security code card: after a temporary passcode, or while
    a card is on its way (KB1873). Three queries at most."""
    passcode = passcodes.live(user_id)
    if passcode is not None and passcode.may_prove:
        return True
    if awaiting_activation(user_id) is not None:
        return True
    ordered = Order.objects.filter(user_id=user_id, confirmed_at__isnull=False, cancelled_at=None)
    return ordered.filter(shipped_at=None).exists()
