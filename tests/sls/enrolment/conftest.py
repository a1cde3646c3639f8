import pytest

from accounts.challenges.models import Challenge
from accounts.origin import SYSTEM
from accounts.users.models import User
from sls.enrolment.services import Opening, open_account

GOOD = "lantern-orbit-cactus-77"


@pytest.fixture
def nina(db) -> User:
    """Opened, not activated."""
    opening = Opening("nina", "Nina Rossi", "nina@example.com", "+14155550111", "U2000001", "en")
    return open_account(opening=opening, origin=SYSTEM, actor="staff:command")


@pytest.fixture
def code(nina) -> str:
    """What the mail says."""
    return Challenge.objects.get(user=nina).code()


@pytest.fixture
def password_url(client, nina, code) -> str:
    """Where the right code leads."""
    response = client.post("/activate/", {"username": "nina", "code": code})
    assert response.status_code == 302
    return response["Location"]


@pytest.fixture
def code_url(client, password_url) -> str:
    """Where the password leads: the page of the code sent to the mobile number."""
    response = client.post(password_url, {"password": GOOD})
    assert response.status_code == 302, response.content.decode()
    return response["Location"]
