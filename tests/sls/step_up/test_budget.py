"""A step of a step-up asks no more of the database than the same step of a sign-in (SPEED G4)."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp

from accounts.contacts.models import PhoneNumber
from tests.bench.counts import SQL, measured
from tests.cast import PASSWORD, SEED, app_device, code_for

PHONES = "/settings/communication/phones/"
NEW, OTHER = "+14155550177", "+14155550178"
MANY = 20

pytestmark = pytest.mark.django_db(transaction=True)


def spent(client: Client, answer: Callable[[], str], number: str = NEW) -> dict[str, list[str]]:
    """The statements of every step of one step-up."""
    costs: dict[str, list[str]] = {}

    def step(name: str, request, status: int = 302):
        response, cost = measured(request)
        assert response.status_code == status, f"{name}: {response.status_code}"
        costs[name] = cost.sql
        return response

    url = step("hold", lambda: client.post(PHONES, {"number": number}))["Location"]
    step("password page", lambda: client.get(url), 200)
    step("password", lambda: client.post(url, {"password": PASSWORD}))
    step("code page", lambda: client.get(url), 200)
    typed = answer()
    step("code", lambda: client.post(f"{url}answer/", {"code": typed}))
    step("confirm page", lambda: client.get(f"{url}confirm/"), 200)
    return costs


def app_code() -> str:
    return f"{totp(SEED):06d}"


def over(costs: dict[str, list[str]]) -> dict[str, str]:
    most = {name: SQL.get(name, SQL["password"]) for name in costs}
    return {name: "\n".join(sql) for name, sql in costs.items() if len(sql) > most[name]}


def test_by_a_code_that_is_sent(signed_in, alice):
    assert over(spent(signed_in, lambda: code_for(alice))) == {}


def test_by_a_code_that_a_device_makes(signed_in, alice):
    app_device(alice)
    assert over(spent(signed_in, app_code)) == {}


def test_it_does_not_grow_with_what_the_client_holds(signed_in, alice, clock):
    app_device(alice)
    few = spent(signed_in, app_code)
    for place in range(MANY):
        app_device(alice, f"App {place}")
    now = timezone.now()
    PhoneNumber.objects.bulk_create(
        PhoneNumber(user=alice, number=f"+1212555{place:04}", created_at=now, verified_at=None)
        for place in range(100, 100 + MANY)
    )
    clock.shift(61)
    many = spent(signed_in, app_code, OTHER)
    assert {name: len(sql) for name, sql in many.items()} == {
        name: len(sql) for name, sql in few.items()
    }
