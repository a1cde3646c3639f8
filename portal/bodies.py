"""Refuses bodies that no form of the portal can have sent, before anything counts or parses them.

Too large, another type than a form, fields repeated or named as arrays, NUL bytes, lone surrogates
and bytes that are not UTF-8 are answered with 400; nothing was counted and nothing was lost. The
same holds for the query of an address.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict

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
        if getattr(_view[0], "raw_body", False):
            return
        refuse_unreadable(request.GET)
        if request.method == "POST":
            refuse_other_than_form(request)
            refuse_unreadable(request.POST)


def refuse_large(request: HttpRequest) -> None:
    """Raises ``BadRequest`` when the body is larger than any form of the portal."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise BadRequest("unreadable length") from None
    if length < 0 or length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
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
