"""No page and no download of staff ever holds a code, a seed, a PIN, a password or a token."""

import base64
import io
import re
import zipfile

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from accounts.api_tokens.models import ApiToken
from accounts.challenges.models import Challenge
from accounts.outbox.models import Message
from accounts.transactions.models import Transaction
from accounts.users.models import User
from portal.console.acts.table import ACTS
from portal.console.rules import Role
from tests import cast
from tests.accounts.transactions.conftest import flagged
from tests.attacks import ids
from tests.portal.console.conftest import signed_in

pytestmark = pytest.mark.django_db
REASONS = {"reason": "Called back and identified", "ticket": "SUP-7"}


def console() -> dict[str, URLPattern]:
    """Every page of the console by its name."""
    [all_of_them] = get_resolver().url_patterns
    found = next(
        one for one in all_of_them.url_patterns if getattr(one, "namespace", "") == "console"
    )
    return {one.name: one for one in found.url_patterns}


def secrets_of(user: User, clear: str) -> dict[str, re.Pattern]:
    """What must not be read, by what it is."""
    challenges = Challenge.objects.filter(user=user).exclude(secret=None)
    codes = {one.code() for one in challenges if one.secret}
    bodies = [one.content() for one in Message.objects.filter(user=user, body__isnull=False)]
    said = {str(text) for body in bodies for text in body.values() if len(str(text)) > 40}
    seeds = {
        form
        for seed in (cast.SEED, cast.CARD_SEED)
        for form in (seed.hex(), base64.b32encode(seed).decode(), base64.b64encode(seed).decode())
    }
    token = ApiToken.objects.get(user=user)
    plain = (
        codes | seeds | said | {clear, cast.PASSWORD, cast.PASSCODE, token.digest, user.password}
    )
    exact = {one: re.compile(re.escape(one)) for one in plain}
    return exact | {"PIN": re.compile(rf"(?<![0-9]){cast.PIN}(?![0-9])")}


@pytest.fixture
def everything(alice, sam) -> str:
    """Alice has one of everything, and a sign-in is open. The clear text of her token."""
    sam.groups.set([Group.objects.get_or_create(name=role.value)[0] for role in Role])
    ids.furnish(alice)
    cast.passcode(alice)
    made = ids.api_token(alice)
    cast.begin(Client(), "alice")
    return made.text


def test_no_page_of_staff_holds_a_secret(everything, alice, sam):
    staff = signed_in(sam)
    hidden = secrets_of(alice, everything)
    assert len(hidden) > 10
    read = 0
    for name, pattern in console().items():
        found = ids.OWNED.get(f"console:{name}")
        if pattern.pattern.converters and found is None:
            continue
        kwargs = [found(alice)] if found else [{}]
        if name == "act":
            kwargs = [{"username": "alice", "code": code} for code in ACTS]
        for one in kwargs:
            answer = staff.get(reverse(f"console:{name}", kwargs=one))
            content = b"".join(answer) if answer.streaming else answer.content
            read += answer.status_code == 200
            text = content.decode(errors="replace")
            assert not [what for what, secret in hidden.items() if secret.search(text)], (name, one)
    assert read > 25


def test_no_download_of_staff_holds_a_secret(everything, alice, sam):
    staff = signed_in(sam)
    made = Transaction.objects.filter(user=alice).first() or flagged(alice)
    staff.post(f"/console/transactions/{made.reference}/call/")
    hidden = secrets_of(alice, everything)
    files = {}
    for kind in ("csv", "json"):
        answer = staff.post("/console/trail/export/", {"format": kind})
        files[kind] = b"".join(answer.streaming_content)
    fields = REASONS | {"user": "alice"}
    packed = b"".join(staff.post("/console/trail/evidence/", fields).streaming_content)
    with zipfile.ZipFile(io.BytesIO(packed)) as pack:
        files |= {name: pack.read(name) for name in pack.namelist()}
    assert len(files) > 5
    for name, content in files.items():
        text = content.decode(errors="replace")
        assert text, name
        assert not [what for what, secret in hidden.items() if secret.search(text)], name


def test_what_an_act_answers_holds_no_secret(everything, alice, sam, tess):
    staff, hidden = signed_in(sam), secrets_of(alice, everything)
    for code in ("unlock", "resend", "end_sessions", "passcode", "card_pin", "resend_passcode"):
        fields = REASONS | {"delivery": "sms", "card": ids.OWNED["card"](alice)["pk"]}
        answer = staff.post(f"/console/clients/alice/do/{code}/", fields, follow=True)
        text = answer.content.decode()
        assert not [what for what, secret in hidden.items() if secret.search(text)], code
