"""Onto the way back and along it, as a browser goes."""

from django.test import Client
from django_otp.oath import totp

from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.users.models import User
from sls.incident import sorting
from sls.incident.rules import Stage
from tests.cast import PASSWORD, SEED

NEW = "copper-violin-harvest-88"


def post(client: Client, password: str = PASSWORD, name: str = "alice"):
    return client.post("/frozen/", {"username": name, "password": password})


def app_code() -> str:
    return f"{totp(SEED):06d}"


def enter(client: Client, password: str = PASSWORD) -> Client:
    """By the password and the app."""
    response = post(client, password)
    assert response.status_code == 302, response.content.decode()
    done = client.post(f"{response['Location']}answer/", {"code": app_code()})
    assert done["Location"] == "/frozen/way/", done.content.decode()
    return client


def mine(user: User, **other: str) -> dict[str, str]:
    """Everything on the two pages is hers, but what ``other`` says."""
    rows = [*sorting.factors(user.pk), *sorting.contacts_of(user.pk)]
    return {sorting.key(one): "mine" for one in rows} | other


def go(client: Client, user: User, upto: Stage = Stage.THAW) -> None:
    """Does every page before ``upto``."""
    fields = {
        Stage.PASSWORD: {"password": NEW},
        Stage.FACTORS: mine(user),
        Stage.CONTACTS: mine(user),
        Stage.QUESTIONS: {"cause_link": "on", "text": "A parcel message."},
        Stage.GAPS: {},
    }
    for stage in Stage:
        if stage is upto:
            return
        response = client.post(f"/frozen/{stage}/", fields[stage])
        assert response.status_code == 302, response.content.decode()


def ask(client: Client):
    return client.post("/frozen/thaw/", {"act": "ask"})


def second(user: User, then) -> tuple[EmailAddress, PhoneNumber]:
    """Another address and another number, long trusted."""
    kept = {"user": user, "created_at": then, "verified_at": then, "trusted_from": then}
    return (
        EmailAddress.objects.create(address="other@example.com", **kept),
        PhoneNumber.objects.create(number="+14155550190", **kept),
    )
