"""The check-up: which sections there are, how each stands, and the one thing to do. Pure.

Five sections at most, by risk, each with one action (UX R33, R34); nothing that is a matter of
choice is ever shown as wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

MOST = 5


class Standing(IntEnum):
    """How a section stands, the most pressing first."""

    URGENT = 0  # somebody else may be at it
    TO_DO = 1
    LOOK = 2
    OPTIONAL = 3  # it would be safer, and is a choice
    DONE = 4


class Tier(StrEnum):
    """What a section is for (FEATURES 160)."""

    PREVENT = "prevent"
    DETECT = "detect"
    RESPOND = "respond"


class Topic(StrEnum):
    """The sections, in the order of what they would cost."""

    FACTORS = "factors"
    RECOVERY = "recovery"
    DEVICES = "devices"
    ALERTS = "alerts"
    ADDRESSES = "addresses"


TIERS = {
    Topic.FACTORS: Tier.PREVENT,
    Topic.RECOVERY: Tier.RESPOND,
    Topic.DEVICES: Tier.DETECT,
    Topic.ALERTS: Tier.DETECT,
    Topic.ADDRESSES: Tier.PREVENT,
}


class Finding(StrEnum):
    """What was found; each has one sentence and one action (``checkup.py``)."""

    NO_FACTOR = "no_factor"
    OPTED_OUT = "opted_out"
    BRIDGED = "bridged"
    PASSKEY_DUE = "passkey_due"
    ONE_FACTOR = "one_factor"
    TELEPHONE_ONLY = "telephone_only"
    NO_PASSKEY = "no_passkey"
    FACTORS = "factors"

    RECOVERING = "recovering"
    NEW_SIM = "new_sim"
    NO_PHONE = "no_phone"
    CHECK_DUE = "check_due"
    CALLS_ONLY = "calls_only"
    NO_SPARE = "no_spare"
    CONTACTS = "contacts"

    UNUSUAL = "unusual"
    NEW_DEVICE = "new_device"
    OTHERS = "others"
    ALONE = "alone"

    NO_EMAIL = "no_email"
    ALERTS = "alerts"

    ON_TRIAL = "on_trial"
    ANYWHERE = "anywhere"
    RESTRICTED = "restricted"


STANDS = {
    Finding.NO_FACTOR: Standing.URGENT,
    Finding.OPTED_OUT: Standing.TO_DO,
    Finding.BRIDGED: Standing.TO_DO,
    Finding.PASSKEY_DUE: Standing.TO_DO,
    Finding.ONE_FACTOR: Standing.LOOK,
    Finding.TELEPHONE_ONLY: Standing.LOOK,
    Finding.NO_PASSKEY: Standing.OPTIONAL,
    Finding.FACTORS: Standing.DONE,
    Finding.RECOVERING: Standing.URGENT,
    Finding.NEW_SIM: Standing.URGENT,
    Finding.NO_PHONE: Standing.TO_DO,
    Finding.CHECK_DUE: Standing.LOOK,
    Finding.CALLS_ONLY: Standing.LOOK,
    Finding.NO_SPARE: Standing.OPTIONAL,
    Finding.CONTACTS: Standing.DONE,
    Finding.UNUSUAL: Standing.LOOK,
    Finding.NEW_DEVICE: Standing.LOOK,
    Finding.OTHERS: Standing.DONE,
    Finding.ALONE: Standing.DONE,
    Finding.NO_EMAIL: Standing.TO_DO,
    Finding.ALERTS: Standing.DONE,
    Finding.ON_TRIAL: Standing.TO_DO,
    Finding.ANYWHERE: Standing.OPTIONAL,
    Finding.RESTRICTED: Standing.DONE,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the check-up knows of somebody.

    ``permanent`` counts authenticators that are no spare codes, a telephone number among them;
    ``own`` those that are more than a telephone number, ``passkeys`` those of them that no false
    page can use. ``spare`` is whether printed codes are left, ``bridged`` whether what proved this
    session lasts for days or weeks only, ``others`` whether other sessions
    are open, ``unusual`` and ``new_device`` whether such a sign-in was there in the last days.
    """

    permanent: int = 2
    own: int = 2
    passkeys: int = 1
    spare: bool = True
    opted_out: bool = False
    bridged: bool = False
    passkey_due: bool = False
    recovering: bool = False
    new_sim: bool = False
    phone: bool = True
    calls_only: bool = False
    email: bool = True
    check_due: bool = False
    others: bool = False
    unusual: bool = False
    new_device: bool = False
    restricted: bool = True
    on_trial: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A topic and what was found about it."""

    topic: Topic
    finding: Finding

    @property
    def standing(self) -> Standing:
        return STANDS[self.finding]

    @property
    def tier(self) -> Tier:
        return TIERS[self.topic]

    @property
    def is_done(self) -> bool:
        return self.standing is Standing.DONE


def check_up(facts: Facts) -> list[Section]:
    """The sections, what presses most first; of equals those whose loss would cost most."""
    found = {
        Topic.FACTORS: _factors(facts),
        Topic.RECOVERY: _recovery(facts),
        Topic.DEVICES: _devices(facts),
        Topic.ALERTS: Finding.ALERTS if facts.email else Finding.NO_EMAIL,
        Topic.ADDRESSES: _addresses(facts),
    }
    sections = [Section(topic, finding) for topic, finding in found.items()]
    return sorted(sections, key=lambda section: section.standing)  # stable


def pressing(sections: Sequence[Section]) -> int:
    """How many of them ask for something; what is a choice does not."""
    return sum(section.standing < Standing.OPTIONAL for section in sections)


def _factors(facts: Facts) -> Finding:
    order = (
        (facts.opted_out, Finding.OPTED_OUT),
        (not facts.permanent, Finding.NO_FACTOR),
        (facts.bridged, Finding.BRIDGED),
        (facts.passkey_due, Finding.PASSKEY_DUE),
        (facts.permanent == 1 and not facts.spare, Finding.ONE_FACTOR),
        (not facts.own, Finding.TELEPHONE_ONLY),
        (not facts.passkeys, Finding.NO_PASSKEY),
    )
    return _first(order, Finding.FACTORS)


def _recovery(facts: Facts) -> Finding:
    order = (
        (facts.recovering, Finding.RECOVERING),
        (facts.phone and facts.new_sim, Finding.NEW_SIM),
        (not facts.phone, Finding.NO_PHONE),
        (facts.calls_only, Finding.CALLS_ONLY),
        (facts.check_due, Finding.CHECK_DUE),
        (not facts.spare, Finding.NO_SPARE),
    )
    return _first(order, Finding.CONTACTS)


def _devices(facts: Facts) -> Finding:
    order = (
        (facts.unusual, Finding.UNUSUAL),
        (facts.new_device, Finding.NEW_DEVICE),
        (facts.others, Finding.OTHERS),
    )
    return _first(order, Finding.ALONE)


def _addresses(facts: Facts) -> Finding:
    order = ((facts.on_trial, Finding.ON_TRIAL), (not facts.restricted, Finding.ANYWHERE))
    return _first(order, Finding.RESTRICTED)


def _first(order: Sequence[tuple[bool, Finding]], otherwise: Finding) -> Finding:
    return next((finding for holds, finding in order if holds), otherwise)
