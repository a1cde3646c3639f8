"""The pages: issued after a proof, shown once, and taken away without one."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.api_tokens import services
from accounts.api_tokens.forms import TokenForm
from accounts.api_tokens.models import ApiToken, Call
from accounts.api_tokens.rules import READING
from accounts.origin import SYSTEM
from tests.cast import PASSWORD, code_for
from tests.programs import TOKEN, call, fresh, issue

pytestmark = pytest.mark.django_db

ROOM = "/settings/trading/tokens/"
NEW = f"{ROOM}new/"
FIELDS = {
    "name": "report at home",
    "lasts": "24h",
    "addresses": "",
    "may_account_read": "on",
}


@pytest.fixture
def inside(client, alice, sign_in, clock) -> Client:
    sign_in(client, alice)
    clock.shift(61)
    return client


def proven(tab: Client, user, path: str, fields: dict[str, str]) -> HttpResponse:
    """Posts with all that it needs, and posts again what the last page would."""
    url = tab.post(path, fields)["Location"]
    assert url.startswith("/step-up/")
    assert tab.post(url, {"password": PASSWORD}).status_code == 302
    assert tab.post(f"{url}answer/", {"code": code_for(user)}).status_code == 302
    return tab.post(path, fields)


def text_in(answer: HttpResponse) -> str:
    return re.search(r"cpt_\w{10}_\w{38}", answer.content.decode())[0]


class TestIssuing:
    @pytest.mark.parametrize("name", ["report\u202egnidart", "report\u200b", "a\x07b"])
    def test_a_name_with_what_nobody_sees_is_refused(self, inside, name):
        form = TokenForm(FIELDS | {"name": name}, private=False)
        assert list(form.errors) == ["name"]

    def test_a_name_is_one_line(self):
        form = TokenForm(FIELDS | {"name": " report\r\nBcc: x@example.com "}, private=False)
        assert form.is_valid()
        assert form.cleaned_data["name"] == "report Bcc: x@example.com"

    def test_needs_a_proof_and_shows_the_token_once(self, inside, alice):
        shown = proven(inside, alice, NEW, FIELDS)
        assert shown.status_code == 200
        assert "no-store" in shown["Cache-Control"]
        text = text_in(shown)
        assert call(text).status_code == 200
        row = ApiToken.objects.get()
        for path in (ROOM, NEW, f"{ROOM}{row.pk}/"):
            page = inside.get(path).content.decode()
            assert text[15:] not in page
        assert text not in str(shown.headers)

    def test_sent_again_it_shows_no_token_and_issues_none(self, inside, alice):
        text = text_in(proven(inside, alice, NEW, FIELDS))
        again = inside.post(NEW, FIELDS)
        assert again["Location"].startswith("/step-up/")
        assert text not in again.content.decode()
        assert ApiToken.objects.count() == 1

    def test_without_the_proof_nothing_is_issued(self, inside):
        assert inside.post(NEW, FIELDS)["Location"].startswith("/step-up/")
        assert not ApiToken.objects.exists()

    def test_a_proof_for_one_wish_issues_no_other(self, inside, alice):
        url = inside.post(NEW, FIELDS)["Location"]
        inside.post(url, {"password": PASSWORD})
        inside.post(f"{url}answer/", {"code": code_for(alice)})
        wider = FIELDS | {"may_freeze_write": "on"}
        assert inside.post(NEW, wider)["Location"].startswith("/step-up/")
        assert not ApiToken.objects.exists()

    def test_it_may_what_was_ticked_and_lasts_a_day(self, inside, alice):
        proven(inside, alice, NEW, FIELDS | {"addresses": "203.0.113.0/24, 198.51.100.7"})
        row = ApiToken.objects.get()
        assert (row.scopes, row.user) == (["account.read"], alice)
        assert row.networks == ["203.0.113.0/24", "198.51.100.7"]
        assert row.expires_at - row.created_at == timedelta(hours=24)

    def test_the_form_starts_with_reading_only(self, inside):
        page = inside.get(NEW).content.decode()
        ticked = set(re.findall(r'name="may_(\w+)" value="on" checked', page))
        assert ticked == {one.value.replace(".", "_") for one in READING}


class TestTakingAway:
    @pytest.fixture
    def issued(self, alice):
        return issue(alice)

    def test_a_revoked_one_is_refused_at_the_next_call(self, inside, issued):
        path = f"{ROOM}{issued.row.pk}/revoke/"
        assert inside.post(path)["Location"] == ROOM
        assert call(issued.text, TOKEN).status_code == 401
        assert inside.post(path).status_code == 302

    def test_a_stop_needs_no_proof_and_leaves_people_signed_in(self, inside, issued):
        assert inside.post(f"{ROOM}stop/")["Location"] == ROOM
        assert call(issued.text, TOKEN).status_code == 403
        assert "All automation is stopped" in inside.get(ROOM).content.decode()

    def test_going_on_needs_a_proof(self, inside, alice, issued):
        services.stop_automation(user_id=alice.pk, origin=SYSTEM)
        assert inside.post(f"{ROOM}resume/")["Location"].startswith("/step-up/")
        assert call(issued.text, TOKEN).status_code == 403
        proven(inside, alice, f"{ROOM}resume/", {})
        assert call(issued.text, TOKEN).status_code == 200

    def test_the_handle_needs_a_proof(self, inside, alice):
        assert proven(inside, alice, f"{ROOM}handle/", {"days": "14"})["Location"] == ROOM
        alice.refresh_from_db()
        assert alice.automation_days == 14

    def test_narrowing_keeps_what_was_used(self, inside, issued):
        call(issued.text)
        inside.post(f"{ROOM}{issued.row.pk}/narrow/")
        assert fresh(issued.row).scopes == ["account.read"]

    def test_a_renewal_needs_a_proof_and_shows_another_secret(self, inside, alice, issued):
        shown = proven(inside, alice, f"{ROOM}{issued.row.pk}/renew/", {})
        assert "no-store" in shown["Cache-Control"]
        assert call(text_in(shown), TOKEN).status_code == 200
        assert call(issued.text, TOKEN).status_code == 401

    @pytest.mark.parametrize("verb", ["stop/", "resume/", "handle/", "{}/revoke/", "{}/narrow/"])
    def test_looking_changes_nothing(self, inside, issued, verb):
        assert inside.get(ROOM + verb.format(issued.row.pk)).status_code == 405


class TestTheLog:
    def test_is_paged_by_key(self, inside, alice):
        issued = issue(alice)
        for _ in range(30):
            call(issued.text, TOKEN)
        page = f"{ROOM}{issued.row.pk}/"
        first = inside.get(page).content.decode()
        assert first.count("GET /token") == 25
        older = re.search(r"\?before=(\d+)", first)[1]
        assert inside.get(f"{page}?before={older}").content.decode().count("GET /token") == 5
        assert Call.objects.count() == 30

    @pytest.mark.parametrize("before", ["x", "-1", "1' OR 1=1", "９", "9" * 40])
    def test_a_key_that_is_none_shows_the_newest(self, inside, alice, before):
        issued = issue(alice)
        call(issued.text, TOKEN)
        shown = inside.get(f"{ROOM}{issued.row.pk}/", {"before": before})
        assert "GET /token" in shown.content.decode()


@pytest.mark.parametrize(
    ("method", "verb"), [("get", ""), ("post", "revoke/"), ("post", "narrow/"), ("post", "renew/")]
)
def test_a_foreign_token_is_not_there(inside, bob, method, verb):
    issued = issue(bob)
    theirs = getattr(inside, method)(f"{ROOM}{issued.row.pk}/{verb}")
    nobodys = getattr(inside, method)(f"{ROOM}999999/{verb}")
    assert theirs.status_code == nobodys.status_code
    assert theirs.status_code == 404
    assert call(issued.text, TOKEN).status_code == 200
    assert "report" not in theirs.content.decode()


def test_an_account_that_is_for_algorithms_no_more_does_not_become_all_accounts():
    # Between the form and the proof of identity lie minutes.
    form = TokenForm(FIELDS | {"account": "U1000001"}, private=False, accounts={})
    assert not form.is_valid()
    assert "account" in form.errors
    assert TokenForm(FIELDS, private=False, accounts={}).is_valid()
