"""What a provider's error code means, as data. Pure.

Classes: N permanent for this number, C our configuration or content, R safe to retry,
T passing trouble at handset or carrier, A ambiguous (may have been sent), F stopped as fraud.
Sources: Twilio's error dictionary, summarised in TWILIO.md 1.4 and 2.3. Twilio may change codes
and texts, so unknown ones fall into a class by their range and the raw code is kept on the row.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The classes."""

    NUMBER = "N"
    CONFIGURATION = "C"
    RETRY = "R"
    TRANSIENT = "T"
    AMBIGUOUS = "A"
    FRAUD = "F"


class Advice(StrEnum):
    """The next best thing for the person to do."""

    NONE = ""
    VOICE = "voice"
    SMS = "sms"
    RESEND = "resend"
    START = "start"
    SUPPORT = "support"
    OTHER_NUMBER = "other_number"


class Meaning(StrEnum):
    """What is said to the person; the sentences are in ``wording``."""

    BAD_NUMBER = "bad_number"
    INACTIVE = "inactive"
    NO_SMS = "no_sms"
    LANDLINE = "landline"
    STOPPED = "stopped"
    UNREACHABLE = "unreachable"
    BLOCKED = "blocked"
    COUNTRY = "country"
    EXPIRED = "expired"
    BUSY = "busy"
    HELD = "held"
    NEW_SIM = "new_sim"
    STOPPED_RANGE = "stopped_range"
    CARRIER = "carrier"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class Error:
    """One code. ``learnt`` is what it tells of the number: landline, no_sms, inactive or ""."""

    kind: Kind
    meaning: Meaning
    advice: Advice
    learnt: str = ""

    @property
    def alarms(self) -> bool:
        """Whether an operator has to look at it."""
        return self.kind in {Kind.CONFIGURATION, Kind.RETRY}


_OURS = Error(Kind.CONFIGURATION, Meaning.OURS, Advice.SUPPORT)
_CARRIER = Error(Kind.TRANSIENT, Meaning.CARRIER, Advice.RESEND)
_LANDLINE = Error(Kind.NUMBER, Meaning.LANDLINE, Advice.VOICE, "landline")
_SLOW = Error(Kind.RETRY, Meaning.BUSY, Advice.VOICE)
_HELD = Error(Kind.FRAUD, Meaning.HELD, Advice.SUPPORT)

# Of push services (RFC 8030 section 7.3): nobody is there any more, for good.
OVER = Error(Kind.NUMBER, Meaning.INACTIVE, Advice.NONE)
GONE = frozenset({404, 410})

TABLE = {
    # At the call of the API.
    20003: _OURS,  # authentication failed
    20008: _OURS,  # not open to test credentials
    20404: _OURS,
    20429: Error(Kind.RETRY, Meaning.BUSY, Advice.RESEND),
    20500: Error(Kind.AMBIGUOUS, Meaning.CARRIER, Advice.RESEND),
    20503: Error(Kind.AMBIGUOUS, Meaning.CARRIER, Advice.RESEND),
    21201: _OURS,  # no To
    21205: _OURS,  # bad Url
    21210: _OURS,  # From not verified
    21211: Error(Kind.NUMBER, Meaning.BAD_NUMBER, Advice.OTHER_NUMBER),
    21212: _OURS,  # From invalid
    21213: _OURS,  # no From
    21214: Error(Kind.NUMBER, Meaning.UNREACHABLE, Advice.SMS),
    21215: Error(Kind.CONFIGURATION, Meaning.COUNTRY, Advice.SMS),
    21216: Error(Kind.FRAUD, Meaning.HELD, Advice.SMS),
    21217: Error(Kind.NUMBER, Meaning.BAD_NUMBER, Advice.OTHER_NUMBER),
    21408: Error(Kind.CONFIGURATION, Meaning.COUNTRY, Advice.VOICE),
    21602: _OURS,
    21603: _OURS,
    21604: _OURS,
    21606: _OURS,
    21608: _OURS,  # trial account, unverified To
    21610: Error(Kind.NUMBER, Meaning.STOPPED, Advice.START),
    21611: _SLOW,  # queue of this From holds more than ten hours
    21612: Error(Kind.NUMBER, Meaning.NO_SMS, Advice.VOICE, "no_sms"),
    21614: Error(Kind.NUMBER, Meaning.NO_SMS, Advice.VOICE, "no_sms"),
    21617: _OURS,
    21635: _LANDLINE,
    21657: _OURS,
    21658: _OURS,
    21659: _OURS,
    21660: _OURS,
    21661: _OURS,
    # After acceptance, in callbacks.
    30001: _SLOW,
    30002: _OURS,  # account suspended
    30003: Error(Kind.TRANSIENT, Meaning.UNREACHABLE, Advice.RESEND),
    30004: Error(Kind.NUMBER, Meaning.BLOCKED, Advice.VOICE),
    30005: Error(Kind.NUMBER, Meaning.INACTIVE, Advice.OTHER_NUMBER, "inactive"),
    30006: _LANDLINE,
    30007: Error(Kind.CONFIGURATION, Meaning.BLOCKED, Advice.VOICE),
    30008: _CARRIER,
    30034: _OURS,
    30036: Error(Kind.TRANSIENT, Meaning.EXPIRED, Advice.RESEND),
    30042: _OURS,
    30450: _HELD,
    30453: _HELD,
    30500: _CARRIER,
}


def classify(code: int) -> Error:
    """The meaning of ``code``; unknown ones below 30000 are ours, from 30000 on passing."""
    return TABLE.get(code) or (_CARRIER if 30000 <= code < 40000 else _OURS)
