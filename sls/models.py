"""Index for Django alone: nobody imports this module (tests/test_architecture.py)."""

from sls.cards.models import Allowance, Parcel, PinChange, Share
from sls.devices.models import Replacement
from sls.enrolment.models import Activation
from sls.login.models import Attempt
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.backup_codes.models import CodeSet
from sls.methods.dsc_plus.models import Card, CardDevice, Charge, Order
from sls.methods.passkey.models import PasskeyDevice
from sls.methods.sms.models import PhoneDevice
from sls.policy.models import Policy
from sls.step_up.models import Pending

__all__ = [
    "Activation",
    "Allowance",
    "AppDevice",
    "Attempt",
    "Card",
    "CardDevice",
    "Charge",
    "CodeSet",
    "Order",
    "Parcel",
    "PasskeyDevice",
    "Pending",
    "PhoneDevice",
    "PinChange",
    "Policy",
    "Replacement",
    "Share",
]
