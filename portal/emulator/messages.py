"""``Messages.json`` and ``Messages/{sid}.json``."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from portal.emulator import carrier, formats, orders, rest
from portal.emulator.accounts import Account
from portal.emulator.callbacks import API_VERSION
from portal.emulator.errors import Refused
from portal.emulator.state import Message, store


@rest.breakable("messages")
def create(request: HttpRequest, account: Account) -> JsonResponse:
    """Accepts a message; with test credentials nothing is stored and nothing follows."""
    handset = store.handset(request.POST.get("To", "").strip())
    message = orders.message(request.POST, account, handset)
    # Read before it is on its way: the answer tells the first status.
    answer = JsonResponse(shown(message), status=201)
    if not account.is_test:
        carrier.accept(message)
    return answer


def index(request: HttpRequest, account: Account) -> JsonResponse:
    """Newest first; filters To, From, DateSent, ``DateSent<``, ``DateSent>``."""
    to, sender = (rest.number_filter(request, name) for name in ("To", "From"))
    is_in_time = rest.within(request, "DateSent")
    with store.lock:
        rows = [
            row
            for row in reversed(store.messages.values())
            if to in ("", row.to) and sender in ("", row.sender) and is_in_time(row.sent)
        ]
        return rest.listing(request, "messages", rows, shown)


def fetch(request: HttpRequest, account: Account, sid: str) -> JsonResponse:
    """One message."""
    with store.lock:
        return JsonResponse(shown(_find(request, sid)))


def update(request: HttpRequest, account: Account, sid: str) -> JsonResponse:
    """An empty ``Body`` erases the text. Nothing is ever scheduled, so nothing can be canceled."""
    with store.lock:
        message = _find(request, sid)
        if request.POST.get("Status"):
            raise Refused(30409)
        if request.POST.get("Body", "?"):
            raise Refused(20001, "Body can only be emptied")
        message.body = ""
        message.updated = formats.now()
        return JsonResponse(shown(message))


def delete(request: HttpRequest, account: Account, sid: str) -> HttpResponse:
    """Forgets a message that has come to its end."""
    with store.lock:
        message = _find(request, sid)
        if message.status not in carrier.FINAL:
            raise Refused(20009)
        del store.messages[sid]
    return HttpResponse(status=204)


def shown(message: Message) -> dict[str, object]:
    """The resource, all twenty keys of it."""
    uri = f"/{API_VERSION}/Accounts/{message.account_sid}/Messages/{message.sid}"
    is_waiting = message.status == "accepted"
    return {
        "account_sid": message.account_sid,
        "api_version": API_VERSION,
        "body": message.body,
        "date_created": formats.rfc2822(message.created),
        "date_sent": formats.rfc2822(message.sent),
        "date_updated": formats.rfc2822(message.updated),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": message.error_message,
        "from": message.sender,
        "messaging_service_sid": message.service_sid,
        "num_media": "0",
        "num_segments": "0" if is_waiting else str(message.segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.to,
        "uri": f"{uri}.json",
    }


def _find(request: HttpRequest, sid: str) -> Message:
    message = store.messages.get(sid)
    if not message:
        raise Refused(20404, request.path)
    return message


many = rest.resource(GET=index, POST=create, test_may=["POST"])
one = rest.resource(GET=fetch, POST=update, DELETE=delete)
