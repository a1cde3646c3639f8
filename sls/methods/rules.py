"""What a proof by a second factor is worth, and what a second factor is lost with. Pure."""

from enum import IntEnum, StrEnum


class Strength(IntEnum):
    """What a proof by a method is worth (SECURITY 0.1); compared, never added up."""

    TELEPHONE = 10  # restricted in NIST SP 800-63B-4: SIM swap, interception
    TYPED_CODE = 20  # made on a device, but can be relayed by a fake page
    APPROVAL = 30
    PHISHING_RESISTANT = 40


class Place(StrEnum):
    """What an authenticator is lost with; the cloud is there as long as its account is."""

    PHONE = "phone"
    SIM = "sim"  # a telephone number: lost with its card, and with the phone that holds the card
    PAPER = "paper"
    COMPUTER = "computer"
    KEY = "key"  # a security key
    CLOUD = "cloud"
    CARD = "card"  # a thing of its own
