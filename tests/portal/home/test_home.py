from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.client_accounts.models import ClientAccount, Membership
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.holds import services as holds
from accounts.holds.models import Hold
from accounts.ip_restrictions import services
from accounts.origin import SYSTEM
from accounts.users.models import User
from tests.accounts.ip_restrictions.lists import INSIDE, draft, restrict
from tests.cast import post_password
from tests.sql import counted_queries


@pytest.fixture
def inside(client, alice, sign_in):
    """Alice, signed in."""
    return sign_in(client, alice)


def test_costs_one_query_beside_the_session(inside, alice):
    for number in ("U3000001", "U3000002"):
        account = ClientAccount.objects.create(number=number)
        Membership.objects.create(account=account, user=alice, role="viewer")
    inside.get("/")
    with counted_queries(most=2):
        response = inside.get("/")
    page = response.content.decode()
    assert "U1000001" in page


def test_says_that_all_is_well(inside):
    response = inside.get("/")
    assert response.context["overview"].attention == []
    assert "Nothing needs your attention" in response.content.decode()


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (lambda: PhoneNumber.objects.update(sim_swapped_at=timezone.now()), "SIM card"),
        (lambda: PhoneNumber.objects.update(opted_out_at=timezone.now()), "were stopped"),
        (lambda: PhoneNumber.objects.update(sms_refused_by_carrier=True), "Your carrier"),
        (lambda: PhoneNumber.objects.update(line_type="landline"), "is a landline"),
        (lambda: PhoneNumber.objects.update(primary=False), "no verified mobile number"),
        (lambda: EmailAddress.objects.update(primary=False), "no verified e-mail address"),
    ],
)
def test_says_the_one_thing_to_do(inside, break_it, words):
    break_it()
    page = inside.get("/")
    assert any(words in one.text for one in page.context["overview"].attention)


def test_a_sim_card_of_long_ago_is_no_news(inside):
    PhoneNumber.objects.update(sim_swapped_at=timezone.now() - timedelta(hours=73))
    assert inside.get("/").context["overview"].attention == []


class TestAddresses:
    def test_asks_to_confirm_a_list_that_is_on_trial(self, inside, alice, clock):
        draft(alice, "127.0.0.1")
        services.apply(user=alice, by=alice, origin=INSIDE)
        page = inside.get("/").content.decode()
        assert "Your IP restrictions are on trial." in page
        assert 'href="/settings/security/ip/"' in page
        clock.shift(600)
        assert "Your IP restrictions" not in inside.get("/").content.decode()

    def test_says_why_a_sign_in_was_refused(self, inside, alice):
        restrict(alice, "127.0.0.1")
        post_password(Client(REMOTE_ADDR="198.51.100.20"))
        page = inside.get("/").content.decode()
        assert "Sign-in refused: outside your IP restrictions" in page


class TestWithdrawals:
    @pytest.mark.parametrize(
        ("event", "note", "why"),
        [
            (Event.DEVICE_ENROLLED, {"device": "x/1"}, "one of your authenticators changed"),
            (Event.EMAIL_PRIMARY, {}, "one of your e-mail addresses changed"),
            (Event.PHONE_REMOVED, {}, "one of your telephone numbers changed"),
        ],
    )
    def test_wait_until_a_time_with_its_zone_and_a_reason(self, inside, alice, event, note, why):
        with transaction.atomic():
            entry = audit.record(event, user=audit.lock(alice.pk), origin=SYSTEM, note=note)
        local = (entry.at + timedelta(hours=24)).astimezone(ZoneInfo(alice.zone))
        page = inside.get("/").content.decode()
        row = page.partition('id="motion"')[2].partition("</section>")[0]
        assert f"Wait until {local.day} {local:%b}" in row.replace(".,", ",")
        assert f"{local:%H:%M %Z}, because {why}." in row
        assert 'href="/not-me/"' in row

    def test_wait_without_an_end_before_those_that_have_one(self, inside, alice):
        with transaction.atomic():
            row = audit.lock(alice.pk)
            entry = audit.record(Event.EMAIL_PRIMARY, user=row, origin=SYSTEM)
            holds.freeze(entry=entry, trading="nothing")
        assert "until you let everything go on again" in inside.get("/").content.decode()

    def test_are_not_mentioned_while_nothing_waits(self, inside):
        assert "Withdrawals" not in inside.get("/").content.decode()

    def test_are_not_mentioned_when_the_hold_is_over(self, inside, alice):
        with transaction.atomic():
            audit.record(Event.EMAIL_PRIMARY, user=audit.lock(alice.pk), origin=SYSTEM)
        long_ago = timezone.now() - timedelta(hours=30)
        Hold.objects.update(since=long_ago, until=long_ago + timedelta(hours=24))
        assert "Withdrawals" not in inside.get("/").content.decode()

    def test_cost_nothing_to_look_up(self, inside, alice):
        with transaction.atomic():
            audit.record(Event.EMAIL_PRIMARY, user=audit.lock(alice.pk), origin=SYSTEM)
        inside.get("/")
        with counted_queries(most=2):
            assert "Wait until" in inside.get("/").content.decode()


def test_shows_devices_as_drawn_cards(inside):
    page = inside.get("/settings/security/").content.decode()
    card = page.partition('<li class="device">')[2].partition("</li>")[0]
    assert 'class="drawing"' in card
    assert "+1 ... 01" in card
    assert "Text message or voice call" in card


def test_security_leads_to_a_card_and_to_its_sharing(inside):
    page = inside.get("/settings/security/").content.decode()
    assert 'href="/settings/security/card/request/"' in page
    assert 'href="/settings/security/card/share/"' in page


def test_asks_for_one_thing_that_can_wait_at_most(inside, alice):
    long_ago = timezone.now() - timedelta(days=800)
    User.objects.update(password_at=long_ago, contacts_confirmed_at=long_ago)
    page = inside.get("/").content.decode()
    assert "Are your contacts still right?" in page
    assert "Your password has been the same" not in page


def test_begins_with_a_recovery_that_its_owner_can_stop(inside):
    User.objects.update(recovering=True)
    page = inside.get("/").content.decode()
    assert "Somebody asked for a new way to sign in" in page
    assert page.count('action="/recover/stop/"') == 1
    assert "Nothing needs your attention" not in page


def test_shows_a_client_without_account(client, alice, sign_in):
    Membership.objects.all().delete()
    sign_in(client, alice)
    assert "No right on any account yet" in client.get("/").content.decode()


def test_tells_what_happened_last_in_words(client, alice, sign_in):
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    sign_in(client, alice)
    client.post("/logout/", headers={"user-agent": agent})
    sign_in(client, alice)
    events = client.get("/").context["overview"].events
    assert ("Logged off", "Firefox on Linux") in [(one.label, one.agent) for one in events]
    assert len(events) <= 5


@pytest.mark.parametrize(
    "url",
    [
        "/settings/",
        "/settings/communication/",
        "/settings/login/",
        "/settings/security/",
        "/settings/trading/",
        "/activity/",
        "/help/",
    ],
)
def test_every_place_can_be_opened(inside, url):
    with counted_queries(most=4):
        assert inside.get(url).status_code == 200


@pytest.mark.parametrize("url", ["/ibkey/", "/verify-caller/", "/not-me/"])
def test_public_pages_need_no_sign_in(client, db, url):
    assert client.get(url).status_code == 200


class TestLanguage:
    def test_switches_for_everybody(self, client, db):
        response = client.post("/i18n/setlang/", {"language": "ja", "next": "/login/"})
        assert response["Location"] == "/login/"
        assert '<html lang="ja">' in client.get("/login/").content.decode()

    def test_is_kept_for_messages_to_the_person(self, inside, alice):
        inside.post("/i18n/setlang/", {"language": "ja", "next": "/"})
        alice.refresh_from_db()
        assert alice.language == "ja"
        assert '<html lang="ja">' in inside.get("/").content.decode()

    def test_ignores_other_languages(self, inside, alice):
        inside.post("/i18n/setlang/", {"language": "tlh", "next": "/"})
        alice.refresh_from_db()
        assert alice.language == "en"

    def test_leads_to_no_other_site(self, client, db):
        response = client.post(
            "/i18n/setlang/", {"language": "ja", "next": "https://evil.example/"}
        )
        assert response["Location"] == "/"

    def test_needs_the_csrf_token(self, db):
        client = Client(enforce_csrf_checks=True)
        assert client.post("/i18n/setlang/", {"language": "ja"}).status_code == 403
