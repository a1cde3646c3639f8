"""The language and time zone a person is served in.

What the person chose in this browser (the language cookie) comes first, then the user's own
setting, then what the browser asks for.
"""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import timezone, translation

from accounts.users.models import User


def speak(request: HttpRequest, user: User) -> None:
    """Serves the rest of this request in the user's language and zone."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(user.language)
        request.LANGUAGE_CODE = translation.get_language()
    timezone.activate(user.zone)


class UserLocaleMiddleware(LocaleMiddleware):
    """Django's LocaleMiddleware, and the signed-in user's own language and zone."""

    def process_request(self, request):
        timezone.deactivate()
        super().process_request(request)
        if request.user.is_authenticated:
            speak(request, request.user)
