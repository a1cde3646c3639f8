"""Index for Django alone: nobody imports this module (tests/test_architecture.py)."""

from sls.cards.models import Allowance, Clearance, Parcel, PinChange, Share
from sls.decisions.models import AllowedOrder, Withdrawal
from sls.devices.models import Replacement
from sls.enrolment.models import Activation
from sls.incident.models import Review, Step
from sls.login.models import Attempt
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.backup_codes.models import CodeSet
from sls.methods.dsc_plus.models import Card, CardDevice, Charge, Order
from sls.methods.ib_key.models import IbKeyDevice, PhoneActivation, Push
from sls.methods.online_card.models import OnlineCard
from sls.methods.passkey.models import PasskeyDevice
from sls.methods.sms.models import PhoneDevice
from sls.methods.temporary_passcode.models import Passcode
from sls.policy.models import Policy
from sls.recovery.models import Delay, Recovery
from sls.step_up.models import Pending
from sls.travel.models import Notice

__all__ = [
    "Activation",
    "Allowance",
    "AllowedOrder",
    "AppDevice",
    "Attempt",
    "Card",
    "CardDevice",
    "Charge",
    "Clearance",
    "CodeSet",
    "Delay",
    "IbKeyDevice",
    "Notice",
    "OnlineCard",
    "Order",
    "Parcel",
    "Passcode",
    "PasskeyDevice",
    "Pending",
    "PhoneActivation",
    "PhoneDevice",
    "PinChange",
    "Policy",
    "Push",
    "Recovery",
    "Replacement",
    "Review",
    "Share",
    "Step",
    "Withdrawal",
]
