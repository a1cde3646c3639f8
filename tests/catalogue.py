"""What the pages and messages say, and whether the Japanese catalogue has it.

``python -m tests.catalogue`` brings ``portal/locale/ja/LC_MESSAGES/django.po`` up to date with the
code and the templates: new strings come in untranslated, gone ones go. Needs no GNU gettext.
Words are then written into the file by hand.
"""

import ast
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "portal" / "locale" / "ja" / "LC_MESSAGES" / "django.po"
SOURCES = ("accounts", "sls", "portal", "templates")
ELSEWHERE = ("migrations", "emulator")  # the emulator speaks English only
_KEYWORDS = ("_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext")

_NOISE = tuple(
    f'"{name}: '
    for name in (
        *("Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date"),
        *("Last-Translator", "Language-Team", "Generated-By"),
    )
)
_LITERAL = re.compile(r"""u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*\"""", re.S)
_CALL = re.compile(rf"\bn?gettext\((?:{_LITERAL.pattern})(?:, (?:{_LITERAL.pattern}))?", re.S)

Message = str | tuple[str, str]


def wanted() -> dict[Message, list[str]]:
    """Every string in English with the files that say it."""
    found: dict[Message, list[str]] = defaultdict(list)
    for path in files():
        for message in _messages(path):
            name = str(path.relative_to(ROOT))
            if name not in found[message]:
                found[message].append(name)
    return dict(found)


def files() -> Iterator[Path]:
    """Every file of the product that may say something."""
    for source in SOURCES:
        for path in sorted((ROOT / source).rglob("*")):
            inside = path.relative_to(ROOT).parts
            if path.suffix in {".py", ".html", ".txt", ".xml"} and not {*ELSEWHERE} & {*inside}:
                yield path


def _messages(path: Path) -> Iterator[Message]:
    text = path.read_text()
    if path.suffix == ".py":
        stream = io.BytesIO(text.encode())
        for _line, _name, message, _notes in extract_python(stream, _KEYWORDS, [], {}):
            yield from _message(message if isinstance(message, tuple) else (message,))
        return
    from django.utils.translation.template import templatize

    for call in _CALL.finditer(templatize(text)):
        yield from _message([ast.literal_eval(one) for one in _LITERAL.findall(call[0])])


def _message(parts: Sequence[object]) -> Iterator[Message]:
    texts = [part for part in parts if isinstance(part, str)]
    if len(texts) > 1:
        yield (texts[0], texts[1])
    elif texts and texts[0]:
        yield texts[0]


def read() -> Catalog:
    """The Japanese catalogue as it is."""
    if not PO.exists():
        return Catalog(locale="ja", domain="django")
    with PO.open("rb") as file:
        return read_po(file, locale="ja", domain="django")


def update() -> int:
    """Brings the catalogue up to date; returns how many strings have no translation."""
    old = read()
    new = Catalog(
        locale="ja",
        domain="django",
        project="client-portal",
        version="1",
        header_comment="# Japanese words of the client portal.",
    )
    for message, files in sorted(wanted().items(), key=lambda item: (item[1], str(item[0]))):
        known = old.get(message if isinstance(message, str) else message[0])
        text = known.string if known and not known.fuzzy else ""
        if isinstance(message, tuple) and not isinstance(text, tuple):
            text = (text,) if text else ("",)
        new.add(message, text, locations=[(name, None) for name in files])
    write(new)
    return sum(not is_translated(one.string) for one in new if one.id)


def write(catalogue: Catalog) -> None:
    """Writes the catalogue without dates and names, which would differ with every run."""
    text = io.BytesIO()
    catalogue.fuzzy = False
    write_po(text, catalogue, width=100, include_lineno=False)
    kept = [
        line
        for line in text.getvalue().decode().splitlines(keepends=True)
        if not line.startswith(_NOISE)
    ]
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_text("".join(kept))


def compile_all() -> None:
    """Makes the ``.mo`` file that Django reads, if it is older than its source."""
    for source in sorted(PO.parents[2].glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as words, target.open("wb") as compiled:
            write_mo(compiled, read_po(words))


def is_translated(text: str | tuple[str, ...]) -> bool:
    """Whether every form has words."""
    return bool(text) and (isinstance(text, str) or all(text))


if __name__ == "__main__":
    missing = update()
    sys.stdout.write(f"{missing} strings wait for words\n")
