"""The addresses of the portal, and a list whose entries are changed one by one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from accounts.marks import sensitive
from portal.urls import urlpatterns as portal
from sls.step_up.acts.act import Act

CHANGE = "ip_restrictions.change"
LIST = "/settings/scratch/"
changed: list[dict[str, str]] = []


def act(user_id: int, name: str, kwargs: dict, fields: dict) -> Act:
    return Act("Change the list", LIST)


@sensitive(CHANGE)
def listing(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        changed.append(request.POST.dict())
    return render(request, "home/help.html")


urlpatterns = [*portal, path(LIST[1:], listing, name="scratch")]
