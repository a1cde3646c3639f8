"""Addresses are found the same the second time, and what is not fixed is not remembered."""

import pytest
from django.urls import Resolver404, get_resolver, path, resolve

from portal.routing import remembering


def view(request, **kwargs):
    """Somewhere."""


@pytest.fixture
def routes():
    [routes] = remembering(
        [path("fixed/", view, {"more": 1}, name="fixed"), path("<int:pk>/", view, name="one")]
    )
    return routes


def test_a_fixed_address_is_looked_up_once(routes):
    first = routes.resolve("fixed/")
    assert (first.url_name, first.kwargs) == ("fixed", {"more": 1})
    assert routes.resolve("fixed/") is first


def test_a_part_of_its_own_is_read_each_time(routes):
    assert routes.resolve("1/").kwargs == {"pk": 1}
    assert routes.resolve("2/").kwargs == {"pk": 2}


def test_what_is_not_there_is_not_remembered(routes):
    for place in range(3):
        with pytest.raises(Resolver404):
            routes.resolve(f"nowhere-{place}/")
    assert not routes._fixed


def test_every_fixed_address_of_the_site_leads_where_it_did():
    [site] = get_resolver().url_patterns
    for one in ("/login/", "/settings/", "/api/v1/decisions", "/console/"):
        found = resolve(one)
        anew = super(type(site), site).resolve(one[1:])
        assert (found.func, found.view_name, found.route) == (
            anew.func,
            anew.view_name,
            anew.route,
        )
