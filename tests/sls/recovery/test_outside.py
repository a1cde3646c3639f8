"""Coming back in from an address that the restrictions of the user do not let in."""

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client

from accounts.challenges.models import Challenge
from accounts.users.models import User
from sls.methods import registry
from sls.methods.authenticator_app.models import AppDevice
from sls.recovery.models import Delay
from tests.accounts.ip_restrictions.lists import restrict
from tests.cast import PASSWORD
from tests.recovering import NEW, by_mail, by_text, post, waiting

pytestmark = pytest.mark.django_db
SENTENCE = "This cannot be done from where you are"


@pytest.fixture
def restricted(bob) -> User:
    """Bob may be where his browser is, and nowhere else."""
    restrict(bob, "127.0.0.1")
    return bob


@pytest.fixture
def away(client) -> Client:
    client.defaults |= {"REMOTE_ADDR": "198.51.100.20"}
    return client


def refused(client: Client, url: str, **fields: str) -> bool:
    return SENTENCE in client.post(url, fields).content.decode()


def test_asks_no_authenticator(away, restricted):
    url = by_mail(away, restricted)
    device = registry.devices(restricted.pk)[0].id
    assert refused(away, f"{url}way/", device=device)
    assert not Challenge.objects.filter(method="sms").exists()


def test_judges_no_password(away, restricted):
    url = by_mail(away, restricted, "/recover/device/")
    for password in (PASSWORD, "not the right one"):
        assert refused(away, f"{url}password/", password=password)


def test_gives_no_new_password_to_who_went_away_meanwhile(client, restricted):
    url = by_text(client, restricted)
    client.defaults |= {"REMOTE_ADDR": "198.51.100.20"}
    assert refused(client, f"{url}password/", password=NEW)
    restricted.refresh_from_db()
    assert check_password(PASSWORD, restricted.password)
    client.defaults |= {"REMOTE_ADDR": "127.0.0.1"}
    post(client, f"{url}password/", password=NEW)


def test_begins_no_wait(client, restricted):
    url = by_mail(client, restricted, "/recover/device/")
    post(client, f"{url}password/", password=PASSWORD)
    client.defaults |= {"REMOTE_ADDR": "198.51.100.20"}
    assert refused(client, f"{url}wait/")
    assert not Delay.objects.exists()


def test_sets_nothing_up_after_it(client, restricted, clock):
    waiting(client, restricted)
    clock.shift(72 * 3600 + 1)
    url = by_mail(client, restricted, "/recover/device/")
    post(client, f"{url}password/", password=PASSWORD)
    client.defaults |= {"REMOTE_ADDR": "198.51.100.20"}
    assert refused(client, f"{url}enrol/", method="authenticator_app")
    assert not AppDevice.objects.exists()
