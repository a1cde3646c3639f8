"""Tables that people open in a spreadsheet: cells that compute nothing, lines as they are made."""

import csv
import unicodedata
from collections.abc import Iterable, Iterator

# A cell that begins so is a formula to a spreadsheet (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def safe(value: str) -> str:
    """A cell that no spreadsheet computes; in one line.

    Some read full-width signs as the plain ones, and past what is blank in front.
    """
    text = " ".join(value.split("\n"))
    read = unicodedata.normalize("NFKC", text.lstrip("\ufeff\u200b \u3000")[:1])
    return f"'{text}" if text.startswith(FORMULA) or read.startswith(FORMULA) else text


class _Line:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def lines(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """CSV (RFC 4180) with a mark that spreadsheets know UTF-8 by, a line for each row."""
    writer = csv.writer(_Line())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([safe(cell) for cell in row])
