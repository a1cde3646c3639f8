"""What a proof by a second factor is worth. Pure."""

from enum import IntEnum


class Strength(IntEnum):
    """What a proof by a method is worth (SECURITY 0.1); compared, never added up."""

    TELEPHONE = 10  # restricted in NIST SP 800-63B-4: SIM swap, interception
    TYPED_CODE = 20  # made on a device, but can be relayed by a fake page
    APPROVAL = 30
    PHISHING_RESISTANT = 40
