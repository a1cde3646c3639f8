"""A kit that stays true: whatever on it changes makes it stale, and the page says what."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone

from accounts.client_accounts.models import ClientAccount
from accounts.users.models import User
from portal import logs
from portal.recovery_kit import facts, rules, tokens
from sls.methods.backup_codes.models import CodeSet
from tests.cast import account, app_device, code_set

pytestmark = pytest.mark.django_db


@pytest.fixture
def owners_browser(alice, sign_in) -> Client:
    """Where she is signed in."""
    return sign_in(Client(), alice)


@pytest.fixture
def owner(alice, owners_browser) -> User:
    """Alice, with an app and a sheet of codes."""
    app_device(alice)
    code_set(alice)
    return alice


def printed(user: User) -> str:
    """The path that the code on her paper leads to."""
    packed = rules.pack(facts.marks(user, facts.of(user)))
    return f"/kit/{tokens.token(user, timezone.now(), packed)}/"


def support(**changes: object) -> Callable:
    def change(user: User, settings) -> None:
        settings.SUPPORT = replace(settings.SUPPORT, **changes)

    return change


def setting(name: str, value: object) -> Callable:
    return lambda user, settings: setattr(settings, name, value)


def _code_used(user: User, _settings) -> None:
    one = CodeSet.objects.get(user=user)
    one.use(3)
    one.save()


def _second_app(user: User, _settings) -> None:
    app_device(user, "Work telephone")


def _app_renamed(user: User, _settings) -> None:
    device = user.appdevice_set.get()
    device.name = "Old telephone"
    device.save()


def _app_gone(user: User, _settings) -> None:
    user.appdevice_set.update(revoked_at=timezone.now(), confirmed=False)


def _phone_changed(user: User, _settings) -> None:
    phone = user.phonenumbers.get()
    phone.number = "+14155550177"
    phone.save()


def _email_changed(user: User, _settings) -> None:
    user.emailaddresss.update(address="alice@example.org")


def _email_gone(user: User, _settings) -> None:
    user.emailaddresss.update(verified_at=None, primary=False, trusted_from=None)


def _renamed(user: User, _settings) -> None:
    user.username = "alice2"
    user.save()


def _new_account(user: User, _settings) -> None:
    account("U1000009", user, equity=1)


def _other_account(_user: User, _settings) -> None:
    ClientAccount.objects.filter(number="U1000001").update(number="U1009901")


CHANGES = {
    "telephone": (support(telephone="+1 415 555 0199"), ["Telephone"]),
    "chat": (support(chat=""), ["Live chat"]),
    "hours": (support(hours_in=(("", "Never"),)), ["When somebody answers"]),
    "company": (support(legal_entity="Another LLC"), ["Company"]),
    "senders": (support(senders=("+15005550007",)), ["Messages come from"]),
    "address": (setting("PUBLIC_BASE_URL", "https://other.example"), ["Our address"]),
    "wait": (setting("FREEZE_THAW_HOURS", 48), ["To stop everything"]),
    "name": (_renamed, ["User name"]),
    "account": (_new_account, ["Accounts"]),
    "account with the same end": (_other_account, ["Accounts"]),
    "a second app": (_second_app, ["Authenticators"]),
    "another name": (_app_renamed, ["Authenticators"]),
    "an app gone": (_app_gone, ["Authenticators"]),
    "a code used": (_code_used, ["Backup codes left"]),
    "another address": (_email_changed, ["E-mail addresses"]),
    "no address": (_email_gone, ["E-mail addresses"]),
    "another number": (_phone_changed, ["Authenticators", "Telephone numbers"]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_makes_it_stale_and_the_owner_reads_which(
    owner, bob, owners_browser, sign_in, settings, change
):
    path = printed(owner)
    assert "This kit is current" in Client().get(path).content.decode()
    act, named = CHANGES[change]
    act(owner, settings)
    owner.refresh_from_db()

    page = owners_browser.get(path)
    assert "This kit is out of date" in page.content.decode()
    assert page.context["changed"] == named
    assert all(label in page.content.decode() for label in named)

    for other in (Client(), sign_in(Client(), bob)):
        page = other.get(path)
        assert "This kit is out of date" in page.content.decode()
        assert page.context["changed"] == []
        assert 'id="kit-changed"' not in page.content.decode()
    assert "This kit is current" in Client().get(printed(owner)).content.decode()


def test_new_steps_make_it_stale(owner, owners_browser, monkeypatch):
    path = printed(owner)
    monkeypatch.setattr(facts, "STEPS", facts.STEPS + 1)
    page = owners_browser.get(path)
    named = ["To stop everything", "To revoke keys and bank instructions"]
    assert page.context["changed"] == named


def test_every_fact_of_the_page_has_its_change():
    """Whoever puts something on the kit says here how it changes."""
    tried = {label for _act, named in CHANGES.values() for label in named}
    found = {fact.label for fact in facts.of(User(pk=0, username="nobody")).values()}
    assert found - tried == {"To revoke keys and bank instructions"}


def test_a_kit_with_other_facts_is_stale(owner, owners_browser):
    path = f"/kit/{tokens.token(owner, timezone.now(), 'abc123')}/"
    page = owners_browser.get(path).content.decode()
    assert "This kit is out of date" in page
    assert "it tells more now" in page


def test_it_is_current_in_every_language(owner, owners_browser):
    path = printed(owner)
    owners_browser.post("/i18n/setlang/", {"language": "ja", "next": "/"})
    assert owners_browser.get(path).context["is_current"]


def test_nobody_else_reads_a_fact_of_the_owner(owner):
    page = Client().get(printed(owner)).content.decode()
    for fact in ("alice", "Alice", "U1000001", "... 01", "Authenticator app"):
        assert fact not in page


def test_the_address_holds_no_fact(owner):
    signed = printed(owner).split("/")[2]
    plain = str(signing.Signer(salt=tokens.SALT).unsign_object(signed))
    for fact in ("alice", "4155550101", "U1000001", "example"):
        assert fact not in plain
    assert len(signed) < 260  # a code that a camera reads from paper


def test_marks_of_two_people_say_nothing_of_each_other(owner, bob):
    one, other = (facts.marks(user, facts.of(user)) for user in (owner, bob))
    assert not set(one.values()) & set(other.values())


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: f"x{t}", lambda t: "x", str.swapcase]
)
def test_an_altered_address_is_no_kit(owner, spoil):
    token = printed(owner).split("/")[2]
    response = Client().get(f"/kit/{spoil(token)}/")
    assert response.status_code == 404
    assert "This is no kit of ours" in response.content.decode()


def test_what_was_signed_for_something_else_is_no_kit(owner):
    for salt in ("accounts.freeze.link", "accounts.freeze.receipt"):
        other = signing.Signer(salt=salt).sign_object([owner.pk, 1, "a" * 84])
        assert Client().get(f"/kit/{other}/").status_code == 404


def test_an_address_without_end_is_no_kit(db):
    assert Client().get(f"/kit/{'a' * 5000}/").status_code == 404


def test_the_kit_of_somebody_who_left_is_no_kit(owner):
    path = printed(owner)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert Client().get(path).status_code == 404


def test_looking_is_counted(owner):
    path = printed(owner)
    # Within one window, whenever the test runs.
    with time_machine.travel(timezone.now(), tick=False):
        answers = [Client().get(path).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]


def test_the_page_leads_to_itself_and_holds_no_secret(owner, owners_browser, counted_queries):
    owners_browser.get("/kit/")
    with counted_queries(most=7):
        page = owners_browser.get("/kit/").content.decode()
    for words in ("+1 415 555 0100", "a...@example.com", "+1 ... 01", "This was not me", "<svg"):
        assert words in page
    for secret in ("alice@example.com", "4155550101", "AAAABBBB", "U1000001"):
        assert secret not in page
    assert re.search(r'id="kit-version">[0-9A-F]{8}<', page)


def test_two_prints_of_the_same_facts_are_one_version(owner, owners_browser, clock):
    first = owners_browser.get("/kit/").context["version"]
    clock.shift(timedelta(minutes=5))
    assert owners_browser.get("/kit/").context["version"] == first
    _code_used(owner, None)
    assert owners_browser.get("/kit/").context["version"] != first


def test_a_name_cannot_write_markup(owner, owners_browser):
    device = owner.appdevice_set.get()
    device.name = "<script>alert(1)</script>"
    device.save()
    page = owners_browser.get("/kit/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_log_does_not_keep_the_address(owner):
    path = printed(owner)
    assert path.split("/")[2][8:] not in logs.mask(f"GET {path}")


def test_the_kit_needs_a_sign_in(client, db):
    assert client.get("/kit/").status_code == 302
