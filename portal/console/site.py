"""The console is Django's admin with a second factor: its permissions, search, paging and history,
under our roles and in our frame. What changes something for a client is an act (``acting.py``),
never a form of the admin.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django_otp.admin import OTPAdminSite

from accounts.limits import TooMany
from portal.console import refusals, urls
from portal.console.admin import REGISTERED
from portal.console.doors import POWER

# What of each registered class has a page: looking, and nothing else.
_PAGES = (
    ("", "changelist"),
    ("<path:object_id>/", "change"),
    ("<path:object_id>/history/", "history"),
)


class ConsoleSite(OTPAdminSite):
    """``/console/``. Nobody signs in here: the way in is everybody's."""

    def get_urls(self) -> list[URLPattern]:
        """Our pages, and those of the registered classes."""
        own = [self._checked(one) for one in urls.urlpatterns]
        return [*own, *self._registered()]

    def _checked(self, one: URLPattern) -> URLPattern:
        if not hasattr(one.callback, POWER):
            raise ImproperlyConfigured(f"{one.name}: no power opens it (doors.needs)")
        view = self.admin_view(one.callback)
        return URLPattern(one.pattern, view, one.default_args, one.name)

    def _registered(self) -> list[URLPattern]:
        found = []
        for model, rows in self._registry.items():
            views = {
                "changelist": rows.changelist_view,
                "history": rows.history_view,
                "change": rows.change_view,
            }
            name = f"{model._meta.app_label}_{model._meta.model_name}"
            pages = sorted(_PAGES, key=lambda page: -len(page[0]))
            found += [
                path(
                    f"rows/{model._meta.model_name}/{where}",
                    self.admin_view(require_safe(views[page])),
                    name=f"{name}_{page}",
                )
                for where, page in pages
            ]
        return found

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list:
        """None: the places of the console lead (``places.py``)."""
        return []

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        """As the admin's; what is refused to one of staff is told to a second person."""
        inner = super().admin_view(_watched(view), cacheable)
        setattr(inner, POWER, getattr(view, POWER, None))
        return inner

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Leads to the one sign-in."""
        query = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('login')}?{query}")


def _watched(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @functools.wraps(view)
    def watched(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except TooMany:
            raise
        except PermissionDenied as error:
            is_own = isinstance(error, refusals.Own)
            refusals.note(request, refusals.Why.OWN if is_own else refusals.Why.POWER)
            raise

    return watched


site = ConsoleSite(name="console")
for model, rows in REGISTERED.items():
    site.register(model, rows)
