"""What an address names: a method whose authenticators are kept by the user, and one of them."""

from django.http import Http404

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


def find(user_id: int, method: str, pk: int) -> Authenticator:
    """The user's enrolled authenticator, also a disabled one. One query. Raises ``Http404``."""
    # Somebody else's authenticator and one that never was are the same 404.
    mine = method_of(method).model.objects.filter(
        user_id=user_id, confirmed=True, revoked_at=None, pk=pk
    )
    device = mine.first()
    if device is None:
        raise Http404
    return device
