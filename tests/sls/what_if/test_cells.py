"""Every cell of the matrix, proven: what opens the door does, and what does not is refused.

The table of what a loss takes is written out here a second time, by hand.
"""

from itertools import chain, combinations

import pytest
from django.db import transaction
from django.test import Client

from accounts.audit import services as audit
from accounts.challenges.models import Challenge
from accounts.origin import SYSTEM
from accounts.users.models import User
from sls.methods import registry
from sls.what_if import pages
from sls.what_if.rules import Loss
from tests.cast import PASSWORD, begin, person, post_password
from tests.sls.methods.test_contract import CASES

METHODS = list(CASES)
HOUSEHOLDS = list(chain.from_iterable(combinations(METHODS, n + 1) for n in range(len(METHODS))))
GONE = {
    Loss.PHONE: {"sms", "authenticator_app"},
    Loss.SIM: {"sms"},
    Loss.COMPUTER: set(),
    Loss.CODES: {"backup_codes"},
    Loss.EMAIL: set(),
}
pytestmark = pytest.mark.django_db


@pytest.fixture(params=HOUSEHOLDS, ids="+".join)
def household(request) -> tuple[str, ...]:
    """The methods that somebody holds: every combination there is."""
    return request.param


@pytest.fixture
def user(household) -> User:
    made = person("alice", mobile="+14155550101" if "sms" in household else "")
    for method in household:
        CASES[method].enrol(made)
    return made


def lose(user: User, methods: set[str]) -> None:
    """What is lost proves nothing any more."""
    for method in methods:
        for device in registry.get(method).devices(user.pk):
            with transaction.atomic():
                registry.get(method).revoke(
                    device, user=audit.lock(user.pk), origin=SYSTEM, why="test"
                )


def sign_in(user: User, method: str) -> Client:
    """All the way, in a browser that nobody knows."""
    client = Client()
    url = begin(client, user.username)
    device = next(row.id for row in registry.devices(user.pk) if row.method == method)
    client.post(f"{url}method/", {"device": device})
    challenge = Challenge.objects.filter(user=user).latest("created_at")
    assert challenge.method == method
    client.post(f"{url}answer/", {"code": CASES[method].right(challenge)})
    return client


@pytest.mark.parametrize("loss", list(Loss))
def test_every_cell_tells_the_truth(user, household, loss):
    row = next(row for row in pages.what_if(user).rows if row.loss == loss)
    states = {cell.method: cell.state for cell in row.cells}
    lost = {
        registry.get(method).code: [r.id for r in registry.devices(user.pk) if r.method == method]
        for method in household
    }
    lose(user, GONE[loss] & set(household))

    assert set(states) == {method.code for method in registry.METHODS}
    for method, state in states.items():
        if state == "opens":
            assert sign_in(user, method).get("/").status_code == 200, method
        elif state == "lost" and row.is_open:
            url = begin(client := Client())
            for device in lost[method]:
                refused = client.post(f"{url}method/", {"device": device})
                assert "Choose one of your own ways to sign in." in refused.content.decode()
        else:
            assert (state == "absent") == (method not in household)
    if not row.is_open:
        refused = post_password(Client(), password=PASSWORD)
        assert refused.status_code == 200
        assert "There is no way left to verify that it is you." in refused.content.decode()
    assert row.is_open == bool(set(household) - GONE[loss])
