"""Error pages have the right status whatever is broken."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import RequestFactory
from redis.exceptions import ConnectionError as CacheDown

from accounts.limits import TooMany
from portal import errors


@pytest.fixture
def request_():
    return RequestFactory().get("/")


def failing(error: Exception, request):
    """What Django does with an error that escapes a view."""
    try:
        raise error
    except Exception:
        return errors.server_error(request)


@pytest.mark.parametrize("error", [OperationalError("no database"), CacheDown("no cache")])
def test_what_is_away_for_a_while_is_a_503(request_, error):
    response = failing(error, request_)
    assert (response.status_code, response["Retry-After"]) == (503, "5")


def test_what_says_when_to_come_back_is_a_503(request_):
    error = RuntimeError("no free slot")
    error.retry_after = 2
    response = failing(error, request_)
    assert (response.status_code, response["Retry-After"]) == (503, "2")


def test_anything_else_is_a_500_that_tells_nothing(request_):
    response = failing(ValueError("the secret of +14155550101"), request_)
    assert response.status_code == 500
    assert b"secret" not in response.content


def test_a_rate_that_ran_out_is_a_429(request_):
    response = errors.permission_denied(request_, TooMany(7))
    assert (response.status_code, response["Retry-After"]) == (429, "7")


def test_a_refusal_is_a_403(request_):
    assert errors.permission_denied(request_, PermissionDenied()).status_code == 403


def test_answers_when_the_page_itself_is_broken(request_, settings):
    settings.TEMPLATES = [
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [], "OPTIONS": {}}
    ]
    response = errors.page(request_, 500)
    assert response.status_code == 500
    assert b"Please try again" in response.content
