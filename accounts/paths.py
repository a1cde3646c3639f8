"""Addresses that came in with a request and are to be led to afterwards."""

from django.utils.http import url_has_allowed_host_and_scheme


def ours(path: str) -> str:
    """``path`` if it is one of this portal, else ""."""
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else ""
