"""Index for Django alone: nobody imports this module (tests/test_architecture.py)."""

from accounts.api_tokens.models import ApiToken, Call
from accounts.approvals.models import Request
from accounts.audit.models import Checkpoint, Entry, SystemChain
from accounts.automation.models import Report, Watch
from accounts.callers.models import Talk
from accounts.cases.models import Case, Letter, Note
from accounts.ceilings.models import Ceiling
from accounts.challenges.models import Challenge
from accounts.client_accounts.models import ClientAccount, Membership
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.documents.models import Document, Opening, Piece
from accounts.figures.models import Snapshot
from accounts.freeze.models import Freeze
from accounts.holds.models import Hold
from accounts.ip_restrictions.models import Restriction
from accounts.lockout.models import PasswordFailures
from accounts.outbox.figures.models import Hour
from accounts.outbox.models import Endpoint, Inbound, Lookup, Message
from accounts.outbox.outage.models import Outage
from accounts.outbox.spending.models import Breaker
from accounts.passwords.models import PastPassword
from accounts.sessions.models import KnownDevice, Session
from accounts.support.models import Numbers
from accounts.transactions.models import Transaction
from accounts.users.models import User

__all__ = [
    "ApiToken",
    "Breaker",
    "Call",
    "Case",
    "Ceiling",
    "Challenge",
    "Checkpoint",
    "ClientAccount",
    "Document",
    "EmailAddress",
    "Endpoint",
    "Entry",
    "Freeze",
    "Hold",
    "Hour",
    "Inbound",
    "KnownDevice",
    "Letter",
    "Lookup",
    "Membership",
    "Message",
    "Note",
    "Numbers",
    "Opening",
    "Outage",
    "PasswordFailures",
    "PastPassword",
    "PhoneNumber",
    "Piece",
    "Report",
    "Request",
    "Restriction",
    "Session",
    "Snapshot",
    "SystemChain",
    "Talk",
    "Transaction",
    "User",
    "Watch",
]
