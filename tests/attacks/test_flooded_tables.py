"""Whoever is signed in fills no table: what leaves a row behind can be asked for so often only."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from sls.methods.authenticator_app.models import AppDevice
from sls.step_up.models import Pending
from tests.attacks.tools import NEW_PHONE, PHONES
from tests.cast import app_device
from tests.sls.devices.conftest import SLS, page_of

MANY, MOST = 70, 60

pytestmark = pytest.mark.django_db


@pytest.fixture
def app(alice) -> AppDevice:
    return app_device(alice, "Pixel 9")


def hold(client: Client, _app: AppDevice, number: int):
    return client.post(PHONES, {"number": NEW_PHONE, "more": "x" * number})


def try_it(client: Client, app: AppDevice, _number: int):
    return client.post(page_of(app, "test/"))


def rename(client: Client, app: AppDevice, number: int):
    return client.post(page_of(app, "name/"), {"name": f"Phone {number}"})


def order(client: Client, app: AppDevice, number: int):
    fields = {"device": app.persistent_id, "to": ("up", "down")[number % 2]}
    return client.post(f"{SLS}order/", fields)


@pytest.mark.parametrize(
    ("act", "rows"),
    [
        (hold, Pending.objects.all),
        (try_it, lambda: Challenge.objects.filter(purpose=Purpose.TEST)),
        (rename, lambda: Entry.objects.filter(event="device.renamed")),
        (order, lambda: Entry.objects.filter(event="device.ordered")),
    ],
)
def test_asked_for_without_end_it_ends(signed_in, app, clock, act: Callable, rows: Callable):
    clock.move_to(timezone.now(), tick=False)  # within one window of the rate
    answers = [act(signed_in, app, number).status_code for number in range(MANY)]
    assert answers[:MOST].count(302) == MOST
    assert answers[-1] == 429
    assert rows().count() <= MOST
