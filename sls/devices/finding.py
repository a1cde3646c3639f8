"""What an address of this room names: a method that there is, an authenticator of one's own."""

from django.http import Http404, HttpRequest

from sls.devices import listing
from sls.methods import registry
from sls.methods.device import Authenticator
from sls.methods.protocol import Method
from sls.methods.sms.models import PhoneDevice


def method_of(code: str) -> Method:
    """The method of that code. Raises ``Http404``."""
    try:
        method = registry.get(code)
    except KeyError:
        raise Http404 from None
    # A telephone number becomes an authenticator, and ends as one, on the page of numbers.
    if method.model is PhoneDevice:
        raise Http404
    return method


def find(request: HttpRequest, method: str, pk: int) -> Authenticator:
    """The authenticator of whoever asks. Raises ``Http404``."""
    # Somebody else's authenticator and one that never was are the same 404.
    mine = listing.of_method(method_of(method), request.user.pk)
    found = next((one for one in mine if one.pk == pk), None)
    if found is None:
        raise Http404
    return found
