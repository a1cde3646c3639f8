"""A13: an id of somebody else is as unknown as one that never was."""

from uuid import UUID

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from accounts.client_accounts.models import ClientAccount, Role
from accounts.client_accounts.services import grant
from accounts.origin import Origin
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.devices import services, trial
from sls.methods import registry
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.sms.models import PhoneDevice
from tests.attacks import ids
from tests.attacks.tools import browser
from tests.cast import app_device, person
from tests.sls.devices.conftest import app_code

pytestmark = pytest.mark.django_db(transaction=True)

SLS = "/settings/security/sls/"
NOBODY = 2**31 - 1
ONE = ("", "name/", "test/", "replace/", "remove/")


@pytest.fixture
def mallory(bob, sign_in) -> Client:
    """Bob's browser, whose owner would like to be Alice."""
    client = sign_in(browser(), bob)
    app_device(bob, "Bob's app")
    return client


@pytest.fixture
def hers(alice) -> AppDevice:
    """Alice's app, with a test that has begun."""
    device = app_device(alice, "Alice's app")
    trial.begin(device=device, bound_to="a" * 64, origin=Origin(address="192.0.2.1"))
    return device


def both(client: Client, path: str, **fields: str) -> list[int]:
    """What looking and posting come to."""
    return [client.get(path).status_code, client.post(path, fields).status_code]


def facts(device) -> tuple:
    return AppDevice.objects.filter(pk=device.pk).values_list().get()


@pytest.mark.parametrize("what", ONE)
def test_an_authenticator_of_somebody_else_is_not_there(mallory, hers, what):
    before, entries = facts(hers), Entry.objects.count()
    fields = {"name": "mine", "code": app_code(hers)}
    fields = {} if what in ("replace/", "remove/") else fields
    answers = both(mallory, f"{SLS}authenticator_app/{hers.pk}/{what}", **fields)
    assert answers == both(mallory, f"{SLS}authenticator_app/{NOBODY}/{what}", **fields)
    assert set(answers) <= {404, 405}
    assert answers[1] in (404, 405)
    assert (facts(hers), Entry.objects.count()) == (before, entries)


@pytest.mark.parametrize("what", ONE)
@pytest.mark.parametrize("pk", [0, 2**63 - 1, 2**63, 10**40])
def test_no_number_is_too_odd(mallory, hers, what, pk):
    answers = both(mallory, f"{SLS}authenticator_app/{pk}/{what}")
    assert set(answers) <= {404, 405}


@pytest.mark.parametrize("what", ONE)
def test_a_telephone_number_is_not_there_as_an_authenticator(mallory, bob, what):
    phone = PhoneDevice.objects.get(user=bob)
    path = f"{SLS}sms/{phone.pk}/{what}"
    assert mallory.get(path).status_code in (404, 405)
    assert mallory.post(path).status_code in (404, 405)
    assert PhoneDevice.objects.filter(user=bob, revoked_at=None, confirmed=True).count() == 1


def test_the_order_of_somebody_else_cannot_be_changed(mallory, alice, hers):
    app_device(alice, "Another")
    for place in (hers.persistent_id, f"sls.appdevice/{NOBODY}"):
        moved = mallory.post(f"{SLS}order/", {"device": place, "to": "down"})
        assert moved.status_code == 404
    assert not AppDevice.objects.filter(user=alice, position__gt=0).exists()


def test_an_enrolment_of_somebody_else_is_not_there(mallory, alice):
    begun = services.add(
        user_id=alice.pk,
        method=registry.get("authenticator_app"),
        bound_to="a" * 64,
        origin=Origin(address="192.0.2.1"),
    )
    url = f"{SLS}enrol/{begun.challenge.pk}/"
    nobody = f"{SLS}enrol/00000000-0000-4000-8000-000000000000/"
    for path in (url, nobody):
        assert mallory.get(path).status_code == 404
        sent = mallory.post(f"{path}answer/", {"code": app_code(begun.device)})
        assert sent.status_code == 404
    assert not AppDevice.objects.get(pk=begun.device.pk).confirmed
    assert Challenge.objects.get(purpose=Purpose.ENROLMENT).tries_left == 5


# --- The matrix: every address with an id, and every neighbour -----------------------------------

FIELDS = {
    "code": "493817",
    "delivery": "sms",
    "device": "x",
    "name": "mine",
    "text": "mine",
    "reason": "mine",
    "role": "owner",
    "username": "carol",
    "email": "carol@example.com",
    "number": "+14155550177",
    "carrier": "UPS",
    "tracking": "1Z",
}


def posted(path: str) -> dict[str, str]:
    """Fields that fit; a marked view is not asked with secrets, which it never keeps."""
    open_to_codes = ("verify/", "answer/", "test/", "resend/", "name/")
    return {k: v for k, v in FIELDS.items() if k != "code" or path.endswith(open_to_codes)}


def everything() -> dict[str, list]:
    """All rows of all tables but those in which a visit leaves its trace."""
    kept = [model for model in apps.get_models() if model is not Session]
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in kept}


def of_nobody(found: ids.Ids) -> ids.Ids:
    """Ids of the same kinds that never were."""
    none = {int: NOBODY, UUID: UUID(int=4), str: "U9999999"}
    return {
        name: one if name == "method" else none[type(one)] if name != "token" else "A" * 43
        for name, one in found.items()
    }


def test_every_address_with_an_id_is_known_to_the_matrix():
    found = {name for name, _ids in ids.routes()}
    assert found == ids.OWNED.keys() | ids.NOBODYS.keys()
    assert ids.OWNED.keys() & ids.NOBODYS.keys() == set()


@pytest.fixture
def people(alice, bob, carol) -> dict[str, User]:
    """Alice owns an account on which Carol and Ted trade; Bob owns another."""
    ted = person("ted", mobile="+14155550104")
    grant(account=ClientAccount.objects.get(number="U1000001"), user=ted, role=Role.TRADER)
    return {"alice": alice, "bob": bob, "carol": carol, "ted": ted}


@pytest.mark.parametrize(
    ("attacker", "victim"),
    [
        ("bob", "alice"),  # another account
        ("alice", "bob"),
        ("carol", "alice"),  # a trader, and the owner of the account
        ("alice", "carol"),  # the owner, and what is a trader's own
        ("carol", "ted"),  # two traders on one account
    ],
)
def test_what_is_somebody_elses_is_as_unknown_as_what_never_was(
    people, attacker, victim, sign_in, clock
):
    client = sign_in(browser(), people[attacker])
    clock.shift(61)
    for user in people.values():
        ids.furnish(user)
    looks_after = (attacker, victim) == ("alice", "carol")
    names = ids.OWNED.keys() - (ids.LOOKED_AFTER if looks_after else set())
    theirs = {name: ids.OWNED[name](people[victim]) for name in sorted(names)}
    before, wrong = everything(), {}
    for name, found in theirs.items():
        path, nobodys = reverse(name, kwargs=found), reverse(name, kwargs=of_nobody(found))
        answers = both(client, path, **posted(path))
        if answers != both(client, nobodys, **posted(path)) or not {404, 405}.issuperset(answers):
            wrong[name] = answers
        elif answers == [405, 405]:
            wrong[name] = "nothing was asked"
    assert wrong == {}
    assert everything() == before
