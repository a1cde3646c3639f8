"""Somebody on the way back in, as far as they have come."""

import re

from django.db import transaction
from django.test import Client
from django_otp.oath import totp

from accounts.audit import services as audit
from accounts.challenges.models import Challenge, Purpose
from accounts.users.models import User
from sls.methods.authenticator_app.models import AppDevice
from sls.recovery import state
from tests.cast import PASSWORD, SEED, code_for

NEW = "copper-violin-harvest-88"


def mailed(user: User) -> str:
    """The code of the newest mail for coming back in."""
    codes = Challenge.objects.filter(user=user, purpose=Purpose.RECOVERY, method="email")
    return codes.latest("created_at").code()


def app_code() -> str:
    """What the cast's authenticator app shows now."""
    return f"{totp(SEED):06d}"


def post(client: Client, url: str, **fields: str):
    """Posts, and expects to be led on."""
    response = client.post(url, fields)
    assert response.status_code == 302, response.content.decode()
    return response


def begin(client: Client, username: str, page: str = "/recover/") -> str:
    """Types a user name; returns the address of the recovery."""
    return post(client, page, username=username)["Location"]


def by_mail(client: Client, user: User, page: str = "/recover/") -> str:
    """Has proven the e-mail address."""
    url = begin(client, user.username, page)
    post(client, f"{url}code/", code=mailed(user))
    return url


def by_text(client: Client, user: User, page: str = "/recover/") -> str:
    """Has proven the e-mail address and the number."""
    url = by_mail(client, user, page)
    device = user_device(client, url)
    post(client, f"{url}way/", device=device)
    post(client, f"{url}answer/", code=code_for(user))
    return url


def user_device(client: Client, url: str, place: int = 0) -> str:
    """The id of an offered authenticator."""
    return client.get(url).context["offers"][place].row.id


def waiting(client: Client, user: User) -> str:
    """Has begun the wait with the password."""
    url = by_mail(client, user, "/recover/device/")
    post(client, f"{url}password/", password=PASSWORD)
    post(client, f"{url}wait/")
    return url


def heading(client: Client, url: str) -> str:
    """The heading of a page."""
    page = client.get(url).content.decode()
    return page.partition("<h1>")[2].partition("</h1>")[0]


def first_code(client: Client, url: str) -> None:
    """Types the first code of the authenticator app that is being set up."""
    device = AppDevice.objects.get(confirmed=False, revoked_at=None)
    post(client, f"{url}enrol/answer/", code=f"{totp(device.open_seed()):06d}")


def stop(user: User) -> None:
    """Ends what was begun, as a change of a contact does."""
    with transaction.atomic():
        state.stop(audit.lock(user.pk).pk)


def names_bob(page: str) -> bool:
    """Whether a page tells whose it is."""
    text = re.sub(r"<[^>]*>", " ", page)
    return bool(re.search(r"(?i)\bbob\b|b\.\.\.@|\.\.\. 02", text))
