"""Index for Django alone: nobody imports this module (tests/test_architecture.py)."""

from accounts.audit.models import Entry, SystemChain
from accounts.challenges.models import Challenge
from accounts.client_accounts.models import ClientAccount, Membership
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.holds.models import Hold
from accounts.lockout.models import PasswordFailures
from accounts.outbox.models import Inbound, Lookup, Message
from accounts.sessions.models import KnownDevice, Session
from accounts.users.models import User

__all__ = [
    "Challenge",
    "ClientAccount",
    "EmailAddress",
    "Entry",
    "Hold",
    "Inbound",
    "KnownDevice",
    "Lookup",
    "Membership",
    "Message",
    "PasswordFailures",
    "PhoneNumber",
    "Session",
    "SystemChain",
    "User",
]
