"""Accounts set apart for algorithms: shut at once, opened late, told to all who look after them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.api_tokens import services as tokens
from accounts.api_tokens.rules import Scope
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.client_accounts import algorithms
from accounts.client_accounts.models import ClientAccount, Membership, Role
from accounts.client_accounts.services import grant
from accounts.freeze.models import How, Trading
from accounts.freeze.services import freeze
from accounts.holds.models import Hold
from accounts.origin import SYSTEM
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from tests.cast import account, card_device, person
from tests.platforms import Platform
from tests.sls.decisions.test_api import _service, ask  # noqa: F401

pytestmark = pytest.mark.django_db
NUMBER = "U1000001"
HOME = "/settings/trading/algorithms/"


@pytest.fixture
def officer(alice):
    """Somebody who looks after the security of Alice's account."""
    erin = person("erin", mobile="+14155550144")
    Membership.objects.filter(user=erin).delete()
    grant(account=there(), user=erin, role=Role.SECURITY_OFFICER)
    return erin


def there() -> ClientAccount:
    return ClientAccount.objects.get(number=NUMBER)


def of(user) -> dict:
    return {"number": NUMBER, "by": user.pk, "origin": SYSTEM}


def test_shut_at_once_open_after_a_day_and_shut_again_by_whoever_looks_after_it(
    alice, officer, clock
):
    assert algorithms.mark(**of(alice))
    assert not algorithms.mark(**of(alice))
    assert there().is_shut(timezone.now())
    assert not algorithms.unmark(**of(alice))
    assert algorithms.open_money(**of(alice))
    assert not algorithms.open_money(**of(alice))
    assert there().is_shut(timezone.now())
    assert not algorithms.unmark(**of(alice))
    clock.shift(timedelta(hours=24))
    assert not there().is_shut(timezone.now())
    assert algorithms.shut_money(**of(officer))
    assert there().is_shut(timezone.now())
    told = Entry.objects.filter(event__startswith="algorithms.")
    assert [one.event for one in told.filter(user=officer).order_by("number")] == [
        Event.ALGORITHMS_MARKED,
        Event.ALGORITHMS_OPENING,
        Event.ALGORITHMS_SHUT,
    ]
    assert told.filter(user=alice).count() == 3
    assert told.get(user=alice, event=Event.ALGORITHMS_SHUT).actor == "user:erin"


def test_only_owners_open_and_nobody_else_touches_it(alice, officer, carol, bob):
    for user in (officer, carol, bob):
        assert not algorithms.mark(**of(user))
    assert algorithms.mark(**of(alice))
    for user in (officer, carol, bob):
        assert not algorithms.open_money(**of(user))
    assert algorithms.open_money(**of(alice))
    for user in (carol, bob):
        assert not algorithms.shut_money(**of(user))
    assert there().money_opens_at is not None


def test_everybody_who_looks_after_it_hears_when_it_opens(alice, officer):
    algorithms.mark(**of(alice))
    Message.objects.all().delete()
    algorithms.open_money(**of(alice))
    told = Message.objects.filter(name="algorithms_opening")
    assert {one.user_id for one in told} == {alice.pk, officer.pk}


def test_a_withdrawal_is_refused_then_held_then_to_be_proven(alice):
    card_device(alice)
    phone = Platform("mobile_ios")
    assert "fund" in phone.sign_in()["rights"]
    Hold.objects.all().delete()
    session = Session.objects.get()
    algorithms.mark(**of(alice))
    told = ask(session)
    assert (told["outcome"], told["reason"]) == ("refused", "algorithms")
    assert "fund" not in phone.session().json()["rights"]
    algorithms.open_money(**of(alice))
    told = ask(session)
    assert (told["outcome"], told["reason"]) == ("held_until", "algorithms")
    assert told["until"]
    ClientAccount.objects.update(money_opens_at=timezone.now())
    assert ask(session)["outcome"] == "needs_step_up"
    assert "fund" in phone.session().json()["rights"]
    algorithms.shut_money(**of(alice))
    assert ask(session)["outcome"] == "refused"


def issue(user, number="", scopes=(Scope.ACCOUNT,)):
    return tokens.create(
        user_id=user.pk,
        name="bot",
        scopes=scopes,
        life=timedelta(hours=1),
        networks=[],
        origin=SYSTEM,
        account=tokens.apart(user.pk).get(number),
    )


def seen(text: str) -> list[str] | int:
    answer = Client().get("/api/v1/account", headers={"Authorization": f"Bearer {text}"})
    if answer.status_code != 200:
        return answer.status_code
    return [one["number"] for one in answer.json()["accounts"]]


def test_its_tokens_see_it_alone_and_other_tokens_do_not(alice):
    account("U1000009", alice, equity=0)
    before = issue(alice)
    assert seen(before.text) == [NUMBER, "U1000009"]
    algorithms.mark(**of(alice))
    assert seen(before.text) == ["U1000009"]
    own = issue(alice, NUMBER)
    assert seen(own.text) == [NUMBER]
    told = Client().get("/api/v1/token", headers={"Authorization": f"Bearer {own.text}"})
    assert told.json()["account"] == NUMBER
    Membership.objects.filter(user=alice, account__number=NUMBER).delete()
    assert seen(own.text) == 403
    assert seen(before.text) == ["U1000009"]


def test_whose_only_account_is_apart_reads_nothing_by_another_token(alice):
    token = issue(alice)
    algorithms.mark(**of(alice))
    assert seen(token.text) == 403


def test_its_tokens_read_nothing_of_the_person_and_are_counted_apart(alice, settings):
    settings.API_TOKENS_MOST = 1
    assert issue(alice) is not None
    assert issue(alice) is None
    algorithms.mark(**of(alice))
    for scope in (Scope.ACTIVITY, Scope.SECURITY):
        with pytest.raises(ValueError, match="scope"):
            issue(alice, NUMBER, scopes=[scope])
    assert issue(alice, NUMBER) is not None
    assert issue(alice, NUMBER) is None


def test_the_page_shows_each_account_and_what_can_be_done(client, alice, sign_in):
    sign_in(client, alice)
    assert "Set apart for algorithms" in client.get(HOME).content.decode()
    assert client.post(f"{HOME}{NUMBER}/mark/").status_code == 302
    page = client.get(HOME).content.decode()
    assert "withdrawals shut" in page
    assert "Open withdrawals in a day" in page
    assert "Make it like any other" not in page
    # Opening is proven first.
    client.post(f"{HOME}{NUMBER}/open/")
    client.post(f"{HOME}{NUMBER}/unmark/")
    assert there().money_opens_at is None
    assert there().for_algorithms
    algorithms.open_money(**of(alice))
    assert "Shut withdrawals now" in client.get(HOME).content.decode()
    assert client.post(f"{HOME}{NUMBER}/shut/").status_code == 302
    assert there().money_opens_at is None


def test_an_officer_sees_it_and_opens_nothing(client, officer, alice, sign_in):
    algorithms.mark(**of(alice))
    sign_in(client, officer)
    assert "Open withdrawals in a day" not in client.get(HOME).content.decode()
    assert client.post(f"{HOME}U7777777/shut/").status_code == 404


def test_the_form_of_a_token_for_it_takes_nothing_about_the_person(client, alice, sign_in):
    algorithms.mark(**of(alice))
    sign_in(client, alice)
    page = client.get("/settings/trading/tokens/new/").content.decode()
    assert f'<option value="{NUMBER}"' in page
    form = {"name": "bot", "lasts": "1h", "account": NUMBER, "may_activity_read": "on"}
    page = client.post("/settings/trading/tokens/new/", form).content.decode()
    assert "reads nothing else" in page


@pytest.mark.parametrize(("hours", "is_shut"), [(23, True), (24, False)])
def test_a_freeze_shuts_what_was_still_to_open_and_nothing_else(alice, clock, hours, is_shut):
    algorithms.mark(**of(alice))
    algorithms.open_money(**of(alice))
    clock.shift(timedelta(hours=hours))
    freeze(user_id=alice.pk, origin=SYSTEM, how=How.PAGE, trading=Trading.NOTHING)
    shut = Entry.objects.filter(user=alice, event=Event.ALGORITHMS_SHUT)
    told = [(one.detail, one.actor) for one in shut]
    assert told == [({"account": NUMBER, "why": "frozen"}, "system")] * is_shut
    clock.shift(timedelta(hours=24))
    assert there().is_shut(timezone.now()) is is_shut
