"""``Calls.json`` and ``Calls/{sid}.json``."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from portal.emulator import caller, formats, orders, rest
from portal.emulator.accounts import Account
from portal.emulator.callbacks import API_VERSION
from portal.emulator.errors import Refused
from portal.emulator.state import Call, store

SUBRESOURCES = {
    "events": "Events",
    "notifications": "Notifications",
    "payments": "Payments",
    "recordings": "Recordings",
    "siprec": "Siprec",
    "streams": "Streams",
    "transcriptions": "Transcriptions",
    "user_defined_message_subscriptions": "UserDefinedMessageSubscriptions",
    "user_defined_messages": "UserDefinedMessages",
}


@rest.breakable("calls")
def create(request: HttpRequest, account: Account) -> JsonResponse:
    """Accepts a call; with test credentials nothing is stored and nothing follows."""
    call = orders.call(request.POST, account)
    answer = JsonResponse(shown(call), status=201)
    if not account.is_test:
        caller.place(call)
    return answer


def index(request: HttpRequest, account: Account) -> JsonResponse:
    """Newest first; filters To, From, Status, StartTime and EndTime with ``<`` and ``>``."""
    to, sender = (rest.number_filter(request, name) for name in ("To", "From"))
    status = request.GET.get("Status", "")
    started, ended = (rest.within(request, name) for name in ("StartTime", "EndTime"))
    with store.lock:
        rows = [
            row
            for row in reversed(store.calls.values())
            if to in ("", row.to)
            and sender in ("", row.sender)
            and status in ("", row.status)
            and started(row.started or row.created)
            and ended(row.ended)
        ]
        return rest.listing(request, "calls", rows, shown)


def fetch(request: HttpRequest, account: Account, sid: str) -> JsonResponse:
    """One call."""
    with store.lock:
        return JsonResponse(shown(_find(request, sid)))


def update(request: HttpRequest, account: Account, sid: str) -> JsonResponse:
    """``Status`` canceled or completed ends it; ``Twiml`` or ``Url`` replace what is being said."""
    status, twiml, url = (request.POST.get(name, "") for name in ("Status", "Twiml", "Url"))
    with store.lock:
        call = _find(request, sid)
        if status:
            _finish(call, status)
        elif twiml or url:
            if call.status != "in-progress":
                raise Refused(21220)
            if url and not orders.is_url(url):
                raise Refused(21205, url)
            call.replacement = ("url", url) if url else ("twiml", twiml)
            store.lock.notify_all()
        return JsonResponse(shown(call))


def delete(request: HttpRequest, account: Account, sid: str) -> HttpResponse:
    """Forgets a call that has ended."""
    with store.lock:
        if not _find(request, sid).is_over:
            raise Refused(20009)
        del store.calls[sid]
    return HttpResponse(status=204)


def shown(call: Call) -> dict[str, object]:
    """The resource, all twenty-six keys of it."""
    uri = f"/{API_VERSION}/Accounts/{call.account_sid}/Calls/{call.sid}"
    return {
        "account_sid": call.account_sid,
        "answered_by": None,
        "api_version": API_VERSION,
        "caller_name": None,
        "date_created": formats.rfc2822(call.created),
        "date_updated": formats.rfc2822(call.updated),
        "direction": "outbound-api",
        "duration": str(call.seconds) if call.is_over else None,
        "end_time": formats.rfc2822(call.ended),
        "forwarded_from": None,
        "from": call.sender,
        "from_formatted": formats.national(call.sender),
        "group_sid": None,
        "parent_call_sid": None,
        "phone_number_sid": "PN00000000000000000000000000000001",
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "start_time": formats.rfc2822(call.started),
        "status": call.status,
        "subresource_uris": {name: f"{uri}/{place}.json" for name, place in SUBRESOURCES.items()},
        "to": call.to,
        "to_formatted": formats.national(call.to),
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }


def _finish(call: Call, status: str) -> None:
    if status not in {"canceled", "completed"}:
        raise Refused(20001, f"Status {status}")
    if call.is_over:
        raise Refused(21220)
    is_ended = caller.cancel(call)
    # A call that somebody talks on is not canceled; Twilio leaves it alone.
    if not is_ended and status == "completed":
        caller.hang_up(call)


def _find(request: HttpRequest, sid: str) -> Call:
    call = store.calls.get(sid)
    if not call:
        raise Refused(20404, request.path)
    return call


many = rest.resource(GET=index, POST=create, test_may=["POST"])
one = rest.resource(GET=fetch, POST=update, DELETE=delete)
