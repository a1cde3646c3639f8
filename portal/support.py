"""How the brokerage can be reached: one record, so that no number is typed into a template."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from portal import env


@dataclass(frozen=True, slots=True)
class Support:
    """The settings record ``SUPPORT``; templates read it as ``support``.

    ``senders`` are the addresses and numbers that messages of the portal come from.
    """

    telephone: str
    chat: str
    hours: str
    legal_entity: str
    senders: tuple[str, ...]

    @classmethod
    def from_environment(cls, *, senders: Iterable[str]) -> Self:
        """Reads ``SUPPORT_*``; the defaults are fictitious and serve the demo."""
        return cls(
            telephone=env.text("SUPPORT_TELEPHONE", "+1 415 555 0100"),
            chat=env.url("SUPPORT_CHAT", "https://chat.example.com/"),
            hours=env.text("SUPPORT_HOURS", "Sun 13:00 - Fri 18:00 New York"),
            legal_entity=env.text("SUPPORT_LEGAL_ENTITY", "Example Brokerage LLC"),
            # Not ``env.words``: a sender's name may hold blanks.
            senders=tuple(
                sender.strip()
                for sender in env.text("SUPPORT_SENDERS", ",".join(senders)).split(",")
                if sender.strip()
            ),
        )
