"""``/`` is the bare view, ``/limited/`` the same with one rate taken as the portal takes it."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from accounts import limits


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing."""
    return HttpResponse()


def limited(request: HttpRequest) -> HttpResponse:
    """Nothing, counted."""
    usage = limits.take("sign_ins_per_address", request.META["REMOTE_ADDR"])
    return HttpResponse(status=429 if usage.over else 200)


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Where Django's own sign-in lands."""
    return render(request, "home.html")


urlpatterns = [
    path("", empty),
    path("limited/", limited),
    path("accounts/login/", LoginView.as_view(template_name="login.html")),
    path("home/", home),
]
