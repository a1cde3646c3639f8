"""Refuses bodies that no form of the portal can have sent, before anything counts or parses them.

Too large, another type than a form, fields repeated or named as arrays, NUL bytes, lone surrogates
and bytes that are not UTF-8 are answered with 400; nothing was counted and nothing was lost. The
same holds for the query of an address, and for the JSON of programs and phones.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# Undecodable bytes of a form arrive as the replacement character.
_UNREADABLE = ("\x00", "\N{REPLACEMENT CHARACTER}")


class BodyMiddleware:
    """Stands before the CSRF check, which reads the form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refuse_large(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """Looks at fields and query; a view may exempt itself by ``raw_body = True``."""
        if "\x00" in request.path_info:
            raise Http404("no table takes it")
        if getattr(_view[0], "raw_body", False):
            return
        refuse_unreadable(request.GET)
        if request.method == "POST":
            refuse_other_than_form(request)
            refuse_unreadable(request.POST)


def refuse_large(request: HttpRequest) -> None:
    """Raises ``BadRequest`` when the body is larger than any form of the portal, or than what is
    delivered at this path."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise BadRequest("unreadable length") from None
    if not 0 <= length <= settings.BODIES_MAX.get(request.path_info, settings.BODY_MAX):
        raise BadRequest("body too large")


def refuse_other_than_form(request: HttpRequest) -> None:
    """Raises ``BadRequest`` for a body of another type, which would look like an empty form."""
    if request.META.get("CONTENT_LENGTH") not in ("", "0", None) and (
        request.content_type not in FORMS
    ):
        raise BadRequest("not a form")


def refuse_unreadable(fields: QueryDict) -> None:
    """Raises ``BadRequest`` for fields that hold what nobody can type."""
    for name, values in fields.lists():
        if len(values) > 1 or "[" in name:
            raise BadRequest("field repeated")
        for text in (name, *values):
            if any(mark in text for mark in _UNREADABLE) or not _encodable(text):
                raise BadRequest("field unreadable")


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_json(request: HttpRequest) -> bool:
    """Whether the body says that it is JSON in UTF-8, the one encoding that JSON has."""
    charset = (request.content_params or {}).get("charset", "utf-8")
    return request.content_type == "application/json" and charset.strip("\"'").lower() == "utf-8"


def json_of(body: bytes) -> Any:
    """What ``body`` says in JSON (RFC 8259). Raises ``ValueError`` for NaN and its like, for a name
    that comes twice, for what is nested too deep, and for text that no table takes."""
    if _depth(body) > DEEPEST:
        raise ValueError("nested too deep")
    read = json.loads(
        body.decode(),
        object_pairs_hook=_once_each,
        parse_constant=_no_number,
        parse_float=_number,
        parse_int=_whole,
    )
    kept = json.dumps(read, ensure_ascii=False)
    kept.encode()  # lone surrogates
    if "\\u0000" in kept:
        raise ValueError("NUL")
    return read


DEEPEST = 16  # the deepest that an operation takes has a handful
# Possessive, and to the end where no quote closes it: a text of megabytes is passed over once, and
# nothing is remembered of it.
_TEXTS = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\Z)', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_DIGITS = 18


def _depth(body: bytes) -> int:
    """How deep brackets stand in each other, before anything is built of them; what is deeper than
    anything that is taken is not counted to its end."""
    deepest = depth = 0
    for sign in _TEXTS.sub(b"", body).translate(None, _NO_BRACKETS):
        depth += (sign in b"[{") - (sign in b"]}")
        deepest = max(deepest, depth)
        if deepest > DEEPEST:
            break
    return deepest


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a name comes twice")
    return read


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")


def _number(text: str) -> float:
    read = float(text)
    if read in (float("inf"), float("-inf")):
        raise ValueError("too large a number")
    return read


def _whole(text: str) -> int:
    if len(text) > _DIGITS:
        raise ValueError("too large a number")
    return int(text)
