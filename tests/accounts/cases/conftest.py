import pytest
from django.test import Client
from django_otp.oath import totp

from accounts.cases import services
from accounts.cases.models import Case, Kind
from accounts.origin import Origin
from tests.cast import SEED, begin

HERE = Origin(address="203.0.113.7")


@pytest.fixture
def hers(alice) -> Case:
    """Alice's report of an e-mail."""
    return services.open(user=alice, kind=Kind.EMAIL, origin=HERE, text="It wants my password.")


@pytest.fixture
def desk(sam) -> Client:
    """Sam at the console."""
    client = Client()
    url = begin(client, sam.username)
    assert client.post(f"{url}answer/", {"code": f"{totp(SEED):06d}"}).status_code == 302
    return client
