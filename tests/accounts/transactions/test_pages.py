"""Was it you? The client's answer in the portal."""

import pytest
from django.test import Client

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.cases.models import Case
from accounts.freeze.models import Freeze
from accounts.transactions.models import Transaction
from accounts.transactions.rules import State
from sls.step_up.models import Pending
from tests.accounts.transactions.conftest import flagged
from tests.cast import PASSWORD, app_device, code_for
from tests.passkey_authenticator import Passkey, enrolled

pytestmark = pytest.mark.django_db


@pytest.fixture
def her(client, alice, sign_in) -> Client:
    return sign_in(client, alice)


def path(made: Transaction, then: str = "") -> str:
    return f"/transactions/{made.reference}/{then}"


def test_the_client_sees_what_is_held(her, hers):
    page = her.get(path(hers)).content.decode()
    for said in ("USD 25,000.00", "Bank of Nowhere", hers.shown, "Not mine", "Was this you?"):
        assert said in page
    assert hers.reference in her.get("/transactions/").content.decode()
    home = her.get("/").content.decode()
    assert "whether a transaction was yours" in home
    assert 'href="/transactions/"' in her.get("/holds/").content.decode()


def test_not_mine_asks_for_nothing_and_offers_to_stop_everything(her, hers):
    response = her.post(path(hers, "not-mine/"))
    assert response["Location"] == path(hers)
    page = her.get(path(hers)).content.decode()
    assert "Stop everything now" in page
    assert f"/not-me/?entry={hers.entry.number}" in page
    assert Case.objects.get().reference in page
    assert not Freeze.objects.exists()  # offered, not done
    assert "Transaction held" in her.get(f"/not-me/?entry={hers.entry.number}").content.decode()


def test_mine_takes_a_proof_of_identity(her, hers):
    response = her.post(path(hers, "mine/"))
    assert response.status_code == 302
    assert response["Location"].startswith("/step-up/")
    hers.refresh_from_db()
    assert hers.state is State.WAITING
    pending = Pending.objects.get()
    assert pending.action == "transaction.confirm"
    page = her.get(response["Location"]).content.decode()
    assert "Confirm that this transaction is yours: Withdrawal, USD 25,000.00" in page


def test_proven_it_goes_on_and_once(her, hers, alice, clock):
    clock.shift(61)
    url = her.post(path(hers, "mine/"))["Location"]
    assert her.post(url, {"password": PASSWORD}).status_code == 302
    assert her.post(f"{url}answer/", {"code": code_for(alice)}).status_code == 302
    assert "Confirm" in her.get(f"{url}confirm/").content.decode()
    assert her.post(path(hers, "mine/"))["Location"] == path(hers)
    hers.refresh_from_db()
    assert hers.state is State.MINE
    assert "It goes on" in her.get(path(hers)).content.decode()
    her.post(path(hers, "mine/"))
    assert Entry.objects.filter(event=Event.TRANSACTION_MINE).count() == 1


def test_the_proof_of_one_confirms_no_other(her, hers, alice, clock):
    other = flagged(alice)
    clock.shift(61)
    url = her.post(path(hers, "mine/"))["Location"]
    her.post(url, {"password": PASSWORD})
    her.post(f"{url}answer/", {"code": code_for(alice)})
    assert her.post(path(other, "mine/"))["Location"].startswith("/step-up/")
    other.refresh_from_db()
    assert other.state is State.WAITING


def test_mine_is_proven_by_the_strongest_that_the_client_holds(her, hers, alice):
    app_device(alice)
    her.post(path(hers, "mine/"))
    app_only = Pending.objects.latest("created_at").least
    enrolled(alice, Passkey())
    her.post(path(hers, "mine/"))
    assert Pending.objects.latest("created_at").least > app_only


def test_looking_answers_nothing(her, hers):
    for then in ("mine/", "not-mine/"):
        assert her.get(path(hers, then)).status_code == 405
    her.get(path(hers))
    hers.refresh_from_db()
    assert hers.state is State.WAITING


def test_after_its_answer_nothing_is_asked(her, hers):
    her.post(path(hers, "not-mine/"))
    page = her.get(path(hers)).content.decode()
    assert "not-mine/" not in page
    assert "/mine/" not in page
    her.post(path(hers, "not-mine/"))
    assert Case.objects.count() == 1


def test_too_late_it_can_be_refused_only(her, hers, clock):
    Transaction.objects.update(expires_at=hers.flagged_at)
    page = her.get(path(hers)).content.decode()
    assert "not-mine/" in page
    assert "/mine/" not in page.replace("not-mine/", "")


@pytest.mark.parametrize("then", ["", "mine/", "not-mine/"])
def test_anothers_is_as_unknown_as_none(client, hers, bob, sign_in, then):
    sign_in(client, bob)
    for reference in (hers.reference, "4K7TQ29M", "x", "../" * 3):
        ask = client.post if then else client.get
        assert ask(f"/transactions/{reference}/{then}").status_code == 404
    hers.refresh_from_db()
    assert hers.state is State.WAITING
    assert hers.shown not in client.get("/transactions/").content.decode()


def test_what_it_is_for_is_text(her, alice):
    made = flagged(alice, what="<script>alert(1)</script>{{ 7*7 }}")
    for url in (path(made), "/transactions/"):
        page = her.get(url).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page


def test_whoever_was_never_asked_is_told_what_would_happen(her):
    assert "Nothing looked unusual" in her.get("/transactions/").content.decode()
