"""The mailboxes as pages and as JSON."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.csp import csp_override

from portal.emulator import bodies, formats
from portal.emulator.smtp import address as normal
from portal.emulator.state import Mail, store

# A mail is a foreign document: its own styles, no script, no request to anywhere.
MAIL_CSP = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "frame-ancestors": ["'self'"],
    "sandbox": True,
}


@bodies.door("GET", "HEAD")
def boxes(request: HttpRequest) -> HttpResponse:
    """``/mail/``: every mailbox with its newest mail; ``?address=`` leads to one."""
    if wanted := request.GET.get("address", "").strip():
        return HttpResponseRedirect(f"/mail/{normal(wanted)}/")
    newest: dict[str, Mail] = {}
    counts: dict[str, int] = {}
    with store.lock:
        for mail in store.mails:
            newest.pop(mail.to, None)
            newest[mail.to] = mail
            counts[mail.to] = counts.get(mail.to, 0) + 1
    rows = [{"mail": mail, "count": counts[to]} for to, mail in reversed(newest.items())]
    return render(
        request, "emulator/mailboxes.html", {"boxes": rows, "smtp": settings.CONFIG.smtp_port}
    )


@bodies.door("GET", "HEAD")
def box(request: HttpRequest, address: str) -> HttpResponse:
    """``/mail/<address>/``: its mails, newest first; an empty box is a page too."""
    context = {"address": normal(address), "mails": _mails(address)}
    return render(request, "emulator/mailbox.html", context)


@bodies.door("GET")
def box_json(request: HttpRequest, address: str) -> JsonResponse:
    """``/mail/<address>.json``, newest first."""
    mails = [
        {
            "from": mail.sender,
            "subject": mail.subject,
            "text": mail.text,
            "html": mail.html,
            "at": formats.rfc3339(mail.at),
        }
        for mail in _mails(address)
    ]
    return JsonResponse({"mails": mails})


@csp_override(MAIL_CSP)
@bodies.door("GET")
def as_html(request: HttpRequest, address: str, sid: str) -> HttpResponse:
    """The HTML part of one mail, fenced in, for the frame of its page."""
    for mail in _mails(address):
        if mail.sid == sid and mail.html:
            return HttpResponse(mail.html)
    raise Http404


def _mails(address: str) -> list[Mail]:
    wanted = normal(address)
    with store.lock:
        return [mail for mail in reversed(store.mails) if mail.to == wanted]
