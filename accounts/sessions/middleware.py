"""Session row, user and authenticator for a request, with one query."""

from dataclasses import replace

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django_otp.models import Device

from accounts.sessions import services
from accounts.sessions.models import Session


class SessionRowMiddleware(AuthenticationMiddleware):
    """Does the work of AuthenticationMiddleware and of django-otp's OTPMiddleware.

    ``request.user`` is the user of a live session row, or anonymous; ``request.session_row`` that
    row or None; ``request.session_ended`` why the session of the cookie is over, if it is. The
    authenticator (``user.otp_device``) is loaded only when somebody looks at it.
    """

    def process_request(self, request: HttpRequest) -> None:
        request.user = AnonymousUser()
        request.session_row, request.session_ended = None, ""
        token = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if token:
            # Only pages that poll by themselves send this header.
            polls = "HX-Request" in request.headers
            row, request.session_ended = services.find(token, is_use=not polls)
            if row is not None:
                request.session_row = row
                request.session.is_live = True
                request.user = verified(row)
                request.origin = replace(request.origin, session=row.key)
        if request.user.is_anonymous:
            request.user.otp_device = None
            request.user.is_verified = lambda: False


def verified(row: Session):
    """The user of the row, as django-otp dresses one."""
    user = row.user
    user.otp_device = SimpleLazyObject(lambda: Device.from_persistent_id(row.device))
    user.is_verified = lambda: bool(row.device)
    return user
