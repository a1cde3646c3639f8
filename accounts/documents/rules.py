"""What a document may be, and which part of it is asked for. Pure."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

TITLE_MAX = 120
PIECE = 256 * 1024  # bytes that are sealed together
# A download that goes on in the same session is the same opening, if its entry tells of it all.
GOES_ON = timedelta(minutes=15)

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_YEAR = re.compile(r"([0-9]{4})")
SHAPES = {
    "daily": _DAY,
    "monthly": _MONTH,
    "annual": _YEAR,
    "confirmation": _DAY,
    "tax": _YEAR,
    "notice": _DAY,
}
FIRST_YEAR = 1970

_MAGIC = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n]")
_END = 1024  # bytes at the end in which a PDF says that it ends (ISO 32000-1, annex H, note 18)
_RANGE = re.compile(r"(?i:bytes)=\s*([0-9]{0,15})-([0-9]{0,15})\s*")


def last_day(kind: str, period: str) -> date | None:
    """The last day of ``period``, which is a day, a month or a year as the kind of document has it;
    None for what is none."""
    found = SHAPES[kind].fullmatch(period)
    if found is None or int(found[1]) < FIRST_YEAR:
        return None
    year, month, day = (*map(int, found.groups()), 0, 0)[:3]
    try:
        if found.re is _YEAR:
            return date(year, 12, 31)
        return date(year, month, day if found.re is _DAY else monthrange(year, month)[1])
    except ValueError:
        return None


def is_to_come(day: date, *, today: date) -> bool:
    """Whether a period that ends on ``day`` has not ended anywhere: tomorrow has begun already
    where the sun rises first."""
    return day > today + timedelta(days=1)


def is_pdf(content: bytes) -> bool:
    """Whether it says so in its first and in its last bytes: nothing before or far behind it, which
    would make it something else as well."""
    end = content[-_END:]
    return bool(_MAGIC.match(content)) and b"startxref" in end and b"%%EOF" in end


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from ``first`` to ``last``, both of them included; none where ``last`` is before."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """How many bytes."""
        return self.last - self.first + 1


NOTHING = Span(0, -1)


def span(header: str, *, size: int) -> Span | None:
    """The part of ``size`` bytes that a ``Range`` header asks for (RFC 9110, 14.2): None for all of
    it, ``NOTHING`` where there is no such part. Several ranges at once, and what is no range, are
    answered with the whole, as the standard lets a server do."""
    found = _RANGE.fullmatch(header.strip())
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        wanted = min(int(found[2]), size)
        return Span(size - wanted, size - 1) if wanted else NOTHING
    first, last = int(found[1]), int(found[2] or size)
    if found[2] and last < first:
        return None
    return Span(first, min(last, size - 1)) if first < size else NOTHING
