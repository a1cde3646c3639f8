"""How the brokerage can be reached: one record, so that no number is typed into a template."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.utils.translation import get_language

from portal import env

HOURS = "Sun 13:00 - Fri 18:00 New York"
HOURS_JA = "日曜13:00〜金曜18:00（ニューヨーク時間）"


@dataclass(frozen=True, slots=True)
class Support:
    """The settings record ``SUPPORT``; templates read it as ``support``.

    ``senders`` are the addresses and numbers that messages of the portal come from. The numbers at
    which we are called back are those of ``accounts.support.record`` as soon as staff wrote them;
    ``label`` says what the first is for, ``others`` are more, as pairs of what for and number.
    """

    telephone: str
    chat: str
    hours_in: tuple[tuple[str, str], ...]  # language, or "" for every other, and words
    legal_entity: str
    senders: tuple[str, ...]
    label: str = ""
    others: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_environment(cls, *, senders: Iterable[str]) -> Self:
        """Reads ``SUPPORT_*``; the defaults are fictitious and serve the demo."""
        return cls(
            telephone=env.text("SUPPORT_TELEPHONE", "+1 415 555 0100"),
            chat=env.url("SUPPORT_CHAT", "https://chat.example.com/"),
            hours_in=_hours(env.text("SUPPORT_HOURS"), env.text("SUPPORT_HOURS_JA")),
            legal_entity=env.text("SUPPORT_LEGAL_ENTITY", "Example Brokerage LLC"),
            # Not ``env.words``: a sender's name may hold blanks.
            senders=tuple(
                sender.strip()
                for sender in env.text("SUPPORT_SENDERS", ",".join(senders)).split(",")
                if sender.strip()
            ),
        )

    @property
    def hours(self) -> str:
        """When somebody answers, in the language of the page."""
        words = dict(self.hours_in)
        return words.get(get_language() or "", words[""])

    @property
    def tel(self) -> str:
        """The address of a link that calls (RFC 3966)."""
        return _tel(self.telephone)

    @property
    def numbers(self) -> list[dict[str, str]]:
        """Every number at which we are called back: ``label``, ``telephone`` and ``tel``."""
        pairs = [(self.label, self.telephone), *self.others]
        return [{"label": name, "telephone": one, "tel": _tel(one)} for name, one in pairs]


def _tel(telephone: str) -> str:
    return "tel:" + re.sub(r"[^+\d]", "", telephone)


def _hours(words: str, japanese: str) -> tuple[tuple[str, str], ...]:
    """Own hours replace the demo's in every language, translated or not."""
    if words or japanese:
        return (("", words or japanese), ("ja", japanese or words))
    return (("", HOURS), ("ja", HOURS_JA))
