"""The client that an address of the console names."""

from django.http import Http404

from accounts.users.models import User
from portal.console import client


def client_of(username: str) -> User:
    """The client of that user name, with what their lock stands at. Raises ``Http404``, for staff
    too: nobody of them is one."""
    found = client.find(username)
    if found is None:
        raise Http404
    return found
