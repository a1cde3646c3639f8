"""The fence around the emulator."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal.emulator.config import is_loopback

SAFE = {"GET", "HEAD", "OPTIONS"}


class Fence:
    """Answers only this machine by its own name, and no form that a foreign web page posts.

    Whatever address a server was told to bind, a request from elsewhere is 403; a foreign name
    that was made to point here is 400. The pages have no CSRF token (the contract wants plain
    POSTs), so a browser's own word on where a form comes from is taken instead.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_loopback(request.META.get("REMOTE_ADDR", "")):
            return HttpResponse("The emulator answers this machine only.\n", status=403)
        # Raises what Django answers with 400.
        request.get_host()
        foreign = request.headers.get("Sec-Fetch-Site") == "cross-site"
        if foreign and request.method not in SAFE:
            return HttpResponse("Posted by another site.\n", status=403)
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        if not response.streaming:
            # Without it the server would close the connection after each answer.
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response
