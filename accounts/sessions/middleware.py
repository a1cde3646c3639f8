"""Session row, user and authenticator for a request, with one query; and the demand for them."""

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject
from django_otp.models import Device

from accounts import marks, paths
from accounts.sessions import services
from accounts.sessions.models import Session


class KeyMiddleware(SessionMiddleware):
    """Tells a browser a key that it has not sent, and none that it has.

    An answer that was on its way while another request changed the key (``renewal``) would put the
    old one back in its place, and the person would be out.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Saves the session as Django does."""
        response = super().process_response(request, response)
        name = settings.SESSION_COOKIE_NAME
        told = response.cookies.get(name)
        if told is not None and told.value and told.value == request.COOKIES.get(name):
            del response.cookies[name]
        return response


class SessionRowMiddleware(AuthenticationMiddleware):
    """Does the work of AuthenticationMiddleware and of django-otp's OTPMiddleware.

    ``request.user`` is the user of a live session row, or anonymous; ``request.session_row`` that
    row or None, ``request.locked_row`` one that its person has locked, ``request.limited_row`` one
    that does not open this address (``marks.opens_in``); ``request.session_ended`` why the session
    of the cookie is over, if it is. The authenticator (``user.otp_device``) is loaded only when
    somebody looks at it.
    """

    def process_request(self, request: HttpRequest) -> None:
        request.user = AnonymousUser()
        request.session_row = request.locked_row = request.limited_row = None
        request.session_ended = ""
        token = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if token:
            # Only pages that poll by themselves send this header.
            polls = "HX-Request" in request.headers
            row, request.session_ended = services.find(token, is_use=not polls)
            if row is not None:
                request.session.is_live = True
                request.origin = replace(request.origin, session=row.key)
                _seat(request, row)
        if request.user.is_anonymous:
            request.user.otp_device = None
            request.user.is_verified = lambda: False


def _seat(request: HttpRequest, row: Session) -> None:
    # A locked session is nobody's: what forgets to ask whether it is locked sees no user.
    if row.locked_at is not None:
        request.locked_row = row
        return
    if row.limited_to and not _opens(request, row.limited_to):
        request.limited_row = row
        return
    request.session_row = row
    request.user = verified(row)


def _opens(request: HttpRequest, limit: str) -> bool:
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    return limit in getattr(view, marks.LIMIT, ())


def verified(row: Session):
    """The user of the row, as django-otp dresses one."""
    user = row.user
    user.otp_device = SimpleLazyObject(lambda: Device.from_persistent_id(row.device))
    user.is_verified = lambda: bool(row.device)
    return user


class SignInMiddleware(LoginRequiredMiddleware):
    """Leads to the sign-in, and from there back to a page that can be opened."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:
        page = paths.page_of(request)
        return redirect_to_login(page, self.get_login_url(view_func)) if page else redirect("login")
