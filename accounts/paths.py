"""Addresses that came in with a request and are to be led to afterwards."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

MOST = 500


def ours(path: str) -> str:
    """``path`` if it is one of this portal, else ""."""
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else ""


def next_of(request: HttpRequest) -> str:
    """What a request names as ``next`` if it is a path of ours, else ""."""
    path = ours(request.POST.get("next") or request.GET.get("next", ""))
    return path if len(path) <= MOST else ""


def page_of(request: HttpRequest) -> str:
    """The page that a request is, or that its form stood on; "" where that is not known.

    An address that only takes forms cannot be opened again, so nobody is led back to one.
    """
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host():
        return ""
    return ours(f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path)
