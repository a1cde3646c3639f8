"""The console as a site: behind a second factor, each page behind its power, rows read only."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.cases import services as cases
from accounts.cases.models import Kind
from accounts.origin import Origin
from portal.console import urls
from portal.console.doors import POWER
from portal.console.site import site
from tests.cast import begin, code_for

pytestmark = pytest.mark.django_db
ROWS = ("case", "clientaccount")


def test_every_page_has_its_power():
    assert all(hasattr(one.callback, POWER) for one in urls.urlpatterns)


@pytest.mark.parametrize("model", ROWS)
def test_rows_are_read_and_never_changed(officer, alice, model):
    case = cases.open(user=alice, kind=Kind.CALL, origin=Origin())
    lists = officer.get(f"/console/rows/{model}/")
    assert lists.status_code == 200
    row = lists.context["cl"].result_list[0]
    for path in (f"/console/rows/{model}/{row.pk}/", f"/console/rows/{model}/{row.pk}/history/"):
        assert officer.get(path).status_code == 200
        assert officer.post(path, {"status": "closed"}).status_code == 405
    assert officer.get(f"/console/rows/{model}/", {"q": "alice"}).status_code == 200
    case.refresh_from_db()
    assert not case.is_closed


def test_rows_of_cases_are_for_those_who_work_on_them(agent, sam):
    sam.groups.set([sam.groups.model.objects.get_or_create(name="card_logistics")[0]])
    assert agent.get("/console/rows/case/").status_code == 403


def test_nothing_of_the_admin_is_open_besides(officer):
    for path in ("login/", "logout/", "password_change/", "jsi18n/", "autocomplete/", "r/1/1/"):
        assert officer.get(f"/console/{path}").status_code == 404, path
    for path in ("add/", "1/delete/", "1/change/"):
        assert officer.get(f"/console/rows/case/{path}").status_code in (302, 404), path


def test_the_way_in_is_that_of_everybody():
    page = Client().get("/console/clients/")
    assert page["Location"] == "/login/?next=/console/clients/"


def test_a_client_finds_no_console(alice):
    client = Client()
    url = begin(client, "alice")
    client.post(f"{url}answer/", {"code": code_for(alice)})
    for one in site.urls[0]:
        if not one.pattern.converters:
            assert client.get(reverse(f"console:{one.name}")).status_code == 404, one.name


@pytest.mark.parametrize(
    ("networks", "status"),
    [([], 200), (["127.0.0.0/8"], 200), (["203.0.113.0/24"], 404), (["2001:db8::/32"], 404)],
)
def test_staff_work_from_their_networks_alone(agent, settings, networks, status):
    settings.STAFF_NETWORKS = networks
    assert agent.get("/console/").status_code == status
