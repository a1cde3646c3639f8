"""In which order the way leads, what leads onto it, and which gaps are left. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sls.methods.rules import Strength
from sls.step_up import rules as step_up

TEXT_MAX = 2000
THAW = "freeze.thaw"
PASSWORD, FACTORS, CONTACTS = "password", "factors", "contacts"
QUESTIONS, GAPS = "questions", "gaps"


class Stage(StrEnum):
    """The pages, in their order; each but the last is done once."""

    PASSWORD = PASSWORD
    FACTORS = FACTORS
    CONTACTS = CONTACTS
    QUESTIONS = QUESTIONS
    GAPS = GAPS
    THAW = "thaw"


ORDER: Sequence[Stage] = tuple(Stage)


def stage(done: Collection[str]) -> Stage:
    """The first page that is not done."""
    return next((one for one in ORDER if one not in done), Stage.THAW)


def may_open(wanted: Stage, done: Collection[str]) -> bool:
    """Whether a page may be looked at: what was done, and what comes next; nothing further on."""
    return ORDER.index(wanted) <= ORDER.index(stage(done))


def needed(held: Iterable[Strength], *, policy: int = 0) -> Strength:
    """How strong the proof has to be that leads onto the way: the strongest that is held, never
    less than a code that a device makes."""
    return step_up.needed(THAW, set(held), policy=policy)


class Gap(StrEnum):
    """What is left open, the worst first."""

    NO_OWN = "no_own"
    NO_PASSKEY = "no_passkey"
    ONE_ALONE = "one_alone"
    NO_CODES = "no_codes"
    SMS_ON = "sms_on"
    ONE_EMAIL = "one_email"
    ONE_PHONE = "one_phone"
    NO_LIST = "no_list"
    SHARED_ACCESS = "shared_access"
    KNOWN_ALSO = "known_also"


@dataclass(frozen=True, slots=True)
class Facts:
    """The state that gaps are computed from. ``sms`` says that a text message signs in;
    ``causes`` is what the owner answered."""

    passkeys: int
    own: int  # authenticators of the client's own
    codes: int  # printed ones that are left
    sms: bool
    emails: int
    phones: int
    restricted: bool
    others: int  # further people who may act on the accounts
    causes: Collection[str] = ()


def gaps(facts: Facts) -> list[Gap]:
    """What is open now; an empty list where nothing is."""
    found = {
        Gap.NO_OWN: not facts.own,
        Gap.NO_PASSKEY: facts.own > 0 and not facts.passkeys,
        Gap.ONE_ALONE: facts.passkeys > 0 and facts.own == 1,
        Gap.NO_CODES: not facts.codes,
        Gap.SMS_ON: facts.sms and facts.own > 0,
        Gap.ONE_EMAIL: facts.emails < 2,
        Gap.ONE_PHONE: facts.phones < 2,
        Gap.NO_LIST: not facts.restricted,
        Gap.SHARED_ACCESS: facts.others > 0,
        Gap.KNOWN_ALSO: bool({"link", "call", "malware", "shared"} & set(facts.causes)),
    }
    return [gap for gap, is_open in found.items() if is_open]
