"""The door of the API: who comes in, how lists are paged, how it fails on demand."""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from portal.emulator import accounts
from portal.emulator.accounts import Account
from portal.emulator.connection import dropped
from portal.emulator.errors import Refused
from portal.emulator.faults import ANSWERS, HTTP, faults
from portal.emulator.state import Call, Message

PAGE_SIZE = 50
PAGE_MOST = 1000
View = Callable[..., HttpResponse]


def resource(*, test_may: Iterable[str] = (), **views: View) -> View:
    """A view of the API from one view a method, each called with request, account and arguments.

    ``test_may`` names the methods that are open to test credentials.
    """
    open_to_test = frozenset(test_may)

    def choose(request: HttpRequest, account: Account, account_sid: str) -> View:
        if account.is_test and request.method not in open_to_test:
            raise Refused(20008)
        if account_sid not in {"", account.sid} or not views:
            raise Refused(20404, request.path)
        if request.method not in views:
            raise Refused(20004)
        return views[request.method]

    # Newer resources have no account in their path.
    def door(request: HttpRequest, account_sid: str = "", **arguments: Any) -> HttpResponse:
        try:
            account = accounts.identify(request.headers.get("Authorization"))
            return choose(request, account, account_sid)(request, account, **arguments)
        except Refused as refused:
            return refused.response()

    return door


nowhere = resource()


def _to(request: HttpRequest) -> str:
    return request.POST.get("To", "").strip()


def breakable(on: str, number: Callable[..., str] = _to) -> Callable[[View], View]:
    """Lets ``faults`` on ``messages``, ``calls`` or ``lookups`` happen to a view.

    ``number`` finds in the request whom it is about.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def broken(request: HttpRequest, account: Account, **arguments: Any) -> HttpResponse:
            to = number(request, **arguments)
            faults.delay(on, to)
            fault = faults.take(on, to, ANSWERS)
            if not fault:
                return view(request, account, **arguments)
            if code := HTTP.get(fault.fault):
                raise Refused(code, retry_after=fault.retry_after)
            if fault.fault.startswith("accept_then_"):
                view(request, account, **arguments)
            if fault.fault.endswith("_500"):
                raise Refused(20500)
            if fault.fault.endswith("timeout"):
                faults.hold(settings.CONFIG.hold)
            return dropped(request)

        return broken

    return wrap


def listing(
    request: HttpRequest,
    name: str,
    rows: Sequence[Message] | Sequence[Call],
    shown: Callable[[Any], dict[str, object]],
) -> JsonResponse:
    """One page of ``rows`` (newest first) in Twilio's envelope, with relative addresses.

    The token of a page names the last row of the page before, so a new row shifts nothing.
    """
    asked = request.GET
    size = min(max(_number(asked.get("PageSize"), PAGE_SIZE), 1), PAGE_MOST)
    first = 0
    token = asked.get("PageToken", "")
    if token:
        places = {row.sid: place for place, row in enumerate(rows)}
        first = places.get(token.removeprefix("PA"), math.inf) + 1
    page = _number(asked.get("Page"), 0) if token else 0
    if token and first == math.inf:
        raise Refused(20404, request.get_full_path())
    part = rows[first : first + size]
    more = first + size < len(rows)

    def address(number: int, last: str = "") -> str:
        kept = {k: v for k, v in asked.items() if k not in {"PageSize", "Page", "PageToken"}}
        place = {"PageSize": size, "Page": number} | ({"PageToken": f"PA{last}"} if last else {})
        return f"{request.path}?{urlencode(kept | place)}"

    before = rows[first - size - 1].sid if first > size else ""
    return JsonResponse(
        {
            "first_page_uri": address(0),
            "end": max(page * size + len(part) - 1, 0),
            "previous_page_uri": address(page - 1, before) if page else None,
            name: [shown(row) for row in part],
            "uri": request.get_full_path(),
            "page_size": size,
            "start": page * size,
            "next_page_uri": address(page + 1, part[-1].sid) if more else None,
            "page": page,
        }
    )


def within(request: HttpRequest, name: str) -> Callable[[datetime | None], bool]:
    """Whether a time fits the filters ``name`` (that day), ``name<`` (until), ``name>`` (since)."""
    day, until, since = (_instant(request.GET.get(name + end, "")) for end in ("", "<", ">"))

    def fits(at: datetime | None) -> bool:
        if not (day or until or since):
            return True
        if not at or (day and at.date() != day.date()):
            return False
        return (not until or at <= until) and (not since or at >= since)

    return fits


def number_filter(request: HttpRequest, name: str) -> str:
    """A telephone number of the query; an unescaped plus has become a space."""
    return request.GET.get(name, "").replace(" ", "+", 1).strip()


def _instant(text: str) -> datetime | None:
    """A date (its first instant) or a time, in UTC unless it says otherwise."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(20001, text) from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else default
