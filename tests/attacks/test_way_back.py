"""The way back after a freeze: nothing on it raises a right before the thaw."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.freeze import links
from accounts.freeze import services as freezes
from accounts.freeze.models import Freeze, How, Trading
from accounts.freeze.services import TooEarly
from accounts.holds import services as holds
from accounts.holds.models import What
from accounts.origin import SYSTEM, Origin
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.incident import services
from sls.incident.models import Review, Step
from sls.incident.rules import Stage
from sls.login import offers
from sls.login.models import Attempt
from sls.methods import registry
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.passkey.models import PasskeyDevice
from sls.methods.rules import Strength
from tests.accounts.freeze.test_services import stop
from tests.attacks.tools import at_once, browser, twin
from tests.cast import CODE, LAST, PASSWORD, app_device, code_set
from tests.passkey_authenticator import Passkey, enrolled
from tests.sls.incident import conftest as stage
from tests.sls.incident.ways import NEW, app_code, ask, enter, go, mine, post

pytestmark = pytest.mark.django_db
app, freeze, frozen, inside = stage.app, stage.freeze, stage.frozen, stage.inside
DAY = 24 * 3600
STEPS = [*Stage, "way", "password/advice", "add/passkey", "add/authenticator_app", "receipt"]


def is_frozen(user: User) -> bool:
    user.refresh_from_db()
    return user.frozen_at is not None


def unharmed(user: User) -> None:
    """Frozen, held, nobody in, and no wish to go on."""
    assert is_frozen(user)
    assert Freeze.objects.get().thaw_asked_at is None
    now = timezone.now()
    for what in (What.WITHDRAWALS, What.BANK, What.SETTINGS):
        assert holds.held(user_id=user.pk, what=what, now=now) is not None
    assert not Session.objects.filter(ended_at=None, limited_to="").exists()


def test_no_step_is_reached_by_the_telephone_alone(alice, clock):
    stop(alice)
    tab = browser()
    assert "Please call us" in post(tab).content.decode()
    assert not Attempt.objects.exists()
    for one in STEPS:
        assert tab.get(f"/frozen/{one}/")["Location"].startswith("/login/")
        assert tab.post(f"/frozen/{one}/", {"act": "ask"})["Location"].startswith("/login/")
    unharmed(alice)


def test_a_telephone_cannot_be_chosen_in_the_place_of_the_app(frozen):
    tab = browser()
    url = post(tab)["Location"]
    phone = frozen.phonenumbers.get().devices.get()
    tab.post(f"{url}method/", {"device": phone.persistent_id})
    tab.post(f"{url}resend/", {"delivery": "sms"})
    assert Attempt.objects.get().challenge.method == "authenticator_app"
    unharmed(frozen)


def test_no_backup_code_opens_the_way(alice, app, clock):
    codes = code_set(alice)
    clock.shift(60)
    stop(alice)
    tab = browser()
    url = post(tab)["Location"]
    tab.post(f"{url}method/", {"device": codes.persistent_id})
    tab.post(f"{url}answer/", {"code": f"{CODE}{LAST[0]}"})
    assert not Session.objects.filter(ended_at=None).exists()
    codes.refresh_from_db()
    assert codes.used == []
    unharmed(alice)


def test_what_was_enrolled_on_the_way_does_not_lead_back_onto_it(inside, frozen, clock):
    go(inside, frozen, Stage.FACTORS)
    clock.shift(60)
    key = Passkey()
    enrolled(frozen, key)
    app_device(frozen, "Added since")
    tab = browser()
    page = tab.get(post(tab, NEW)["Location"]).content.decode()
    assert "Added since" not in page
    assert "passkey" not in page.casefold().split("<main")[1].split("</main")[0]


def test_the_thaw_is_asked_only_at_the_end_of_the_way(inside, frozen):
    for upto in Stage:
        if upto is Stage.THAW:
            break
        assert ask(inside)["Location"] == "/frozen/way/"
        unharmed(frozen)
    go(inside, frozen, Stage.GAPS)
    ask(inside)
    unharmed(frozen)


@pytest.mark.parametrize("step", [one for one in Stage if one is not Stage.PASSWORD])
def test_no_step_is_done_before_those_ahead_of_it(inside, frozen, step):
    fields = {**mine(frozen), "cause_link": "on", "act": "ask"}
    inside.post(f"/frozen/{step}/", fields)
    assert list(Step.objects.values_list("what", flat=True)) == ["entered"]
    unharmed(frozen)


def test_steps_posted_again_note_nothing_twice(inside, frozen):
    go(inside, frozen)
    before = Step.objects.count()
    for step, fields in (
        (Stage.PASSWORD, {"password": "another-violin-harvest-99"}),
        (Stage.FACTORS, mine(frozen)),
        (Stage.CONTACTS, mine(frozen)),
        (Stage.GAPS, {}),
    ):
        inside.post(f"/frozen/{step}/", fields)
    assert Step.objects.count() == before
    assert post(Client(), NEW).status_code == 302


def test_asked_twice_waits_no_shorter_and_no_longer(inside, frozen, clock):
    go(inside, frozen)
    ask(inside)
    first = Freeze.objects.get().thaw_asked_at
    clock.shift(300)
    ask(inside)
    assert Freeze.objects.get().thaw_asked_at == first
    assert Entry.objects.filter(event=Event.THAW_ASKED).count() == 1


def test_nobody_thaws_before_the_day_is_over(inside, frozen, clock):
    go(inside, frozen)
    ask(inside)
    clock.shift(DAY - 60)
    assert services.thaw_due() == 0
    with pytest.raises(TooEarly):
        freezes.thaw(user_id=frozen.pk, origin=SYSTEM, by="self")
    assert is_frozen(frozen)
    assert post(browser(), NEW).status_code == 302  # still the way, and no sign-in
    assert (
        "Come back in"
        in browser().post("/login/", {"username": "alice", "password": NEW}).content.decode()
    )


def test_a_freeze_during_the_wait_takes_it_back_and_ends_who_is_on_the_way(inside, frozen, clock):
    go(inside, frozen)
    ask(inside)
    clock.shift(DAY - 60)
    token = links.token(frozen, to="alice@example.com", at=timezone.now())
    assert Client().post(f"/freeze/link/{token}/", {}).status_code == 302
    assert Freeze.objects.get().thaw_asked_at is None
    clock.shift(3600)
    assert services.thaw_due() == 0
    unharmed(frozen)
    assert inside.get("/frozen/thaw/").status_code == 302
    assert not Session.objects.filter(ended_at=None).exists()


def test_not_me_said_again_ends_a_thief_on_the_way_though_nothing_was_asked(inside, frozen):
    freezes.freeze(user_id=frozen.pk, origin=Origin(), how=How.LINK, trading=Trading.NOTHING)
    assert inside.get("/frozen/password/")["Location"].startswith("/login/")


def test_another_session_asks_for_nothing_that_it_has_not_proven(inside, frozen, clock):
    go(inside, frozen)
    stranger = browser()
    assert stranger.post("/frozen/thaw/", {"act": "ask"})["Location"].startswith("/login/")
    unharmed(frozen)


def test_two_browsers_see_one_way(inside, frozen, clock):
    clock.shift(30)
    go(inside, frozen, Stage.FACTORS)
    # The password that was new in one ended what the other had begun.
    clock.shift(30)
    second = enter(browser(), NEW)
    go_on = second.post("/frozen/factors/", mine(frozen))
    assert go_on["Location"] == "/frozen/contacts/"
    assert inside.get("/frozen/way/")["Location"] == "/frozen/contacts/"


def test_a_new_password_in_one_browser_ends_the_other(inside, frozen, clock):
    clock.shift(30)
    second = enter(browser())
    go(inside, frozen, Stage.FACTORS)
    assert second.get("/frozen/way/")["Location"].startswith("/login/")


def test_a_session_whose_authenticator_is_gone_asks_for_nothing(inside, frozen, app):
    go(inside, frozen)
    AppDevice.objects.filter(pk=app.pk).update(revoked_at=timezone.now(), confirmed=False)
    assert "finish the steps before" in ask(inside).content.decode()
    unharmed(frozen)


def test_a_used_code_opens_no_second_session(frozen):
    tab, code = browser(), app_code()
    url = post(tab)["Location"]
    tab.post(f"{url}answer/", {"code": code})
    other = browser()
    again = post(other)["Location"]
    other.post(f"{again}answer/", {"code": code})
    assert Session.objects.filter(limited_to="incident").count() == 1


def test_an_attempt_of_one_browser_is_not_there_in_another(frozen):
    tab = browser()
    url = post(tab)["Location"]
    assert browser().post(f"{url}answer/", {"code": app_code()}).status_code == 404


def test_an_attempt_of_the_ordinary_sign_in_does_not_become_one_of_the_way(alice, app, clock):
    tab = browser()
    url = tab.post("/login/", {"username": "alice", "password": PASSWORD})["Location"]
    clock.shift(60)
    stop(alice)
    tab.post(f"{url}answer/", {"code": app_code()})
    assert not Session.objects.filter(ended_at=None).exists()


def test_no_answer_is_about_another_persons_things(inside, frozen, bob):
    go(inside, frozen, Stage.FACTORS)
    number, email = bob.phonenumbers.get(), bob.emailaddresss.get()
    not_hers = {f"phonenumber-{number.pk}": "not", f"emailaddress-{email.pk}": "not"}
    inside.post("/frozen/factors/", mine(frozen, **not_hers))
    inside.post("/frozen/contacts/", mine(frozen, **not_hers))
    assert bob.phonenumbers.count() == bob.emailaddresss.count() == 1


def test_the_answers_of_one_are_not_shown_to_another(inside, frozen, bob, sign_in):
    go(inside, frozen, Stage.GAPS)
    assert Review.objects.exists()
    client = sign_in(Client(), bob)
    assert client.get("/frozen/receipt/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_asked_at_once_from_many_tabs_is_asked_once(inside, frozen):
    go(inside, frozen)
    tabs = [twin(inside) for _ in range(6)]
    at_once(6, lambda n: tabs[n].post("/frozen/thaw/", {"act": "ask"}).status_code)
    assert Entry.objects.filter(event=Event.THAW_ASKED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_thawed_at_once_by_two_workers_is_thawed_once(inside, frozen):
    go(inside, frozen)
    ask(inside)
    Freeze.objects.update(thaw_asked_at=timezone.now() - timedelta(hours=25))
    at_once(4, lambda _: services.thaw_due())
    assert Entry.objects.filter(event=Event.THAWED).count() == 1
    assert not is_frozen(frozen)


def take_off(device: PasskeyDevice) -> None:
    registry.get("passkey").revoke(device, user=device.user, origin=SYSTEM, why="removed")


class TestWhatAThiefEnrolledBeforeTheFreeze:
    """Somebody who phished a sign-in and a code enrols an authenticator of their own within
    minutes. The owner says "not me" soon after: what was added so lately neither leads back nor
    raises what the owner has to prove by."""

    def test_it_does_not_lead_back(self, alice, app, clock):
        clock.shift(3600)
        theirs = Passkey()
        enrolled(alice, theirs, at=timezone.now())
        clock.shift(3600)
        stop(alice)
        response = post(browser())
        assert response.status_code == 302
        attempt = Attempt.objects.get()
        assert [row.method for row in offers.rows(attempt)] == ["authenticator_app"]
        assert attempt.careful == Strength.TYPED_CODE

    def test_the_owner_is_not_kept_out_by_it(self, client, alice, app, clock):
        clock.shift(3600)
        enrolled(alice, Passkey(), at=timezone.now())
        clock.shift(3600)
        stop(alice)
        enter(client)

    def test_taking_the_owners_passkey_off_does_not_open_the_way_to_less(self, alice, app, clock):
        mine = enrolled(alice, Passkey(), at=alice.activated_at)
        clock.shift(3600)
        take_off(mine)
        clock.shift(3600)
        stop(alice)
        page = post(browser())
        assert page.status_code == 200
        assert "Please call us" in page.content.decode()

    def test_what_was_taken_off_long_before_counts_no_more(self, client, alice, app, clock):
        mine = enrolled(alice, Passkey(), at=alice.activated_at)
        take_off(mine)
        clock.shift(73 * 3600)
        stop(alice)
        enter(client)

    def test_nothing_but_new_ones_leads_to_a_call(self, alice, clock):
        clock.shift(3600)
        enrolled(alice, Passkey(), at=timezone.now())
        clock.shift(60)
        stop(alice)
        page = post(browser())
        assert page.status_code == 200
        assert "Please call us" in page.content.decode()

    def test_what_the_account_began_with_counts_at_once(self, client, alice, clock):
        new = app_device(alice)
        now = timezone.now()
        AppDevice.objects.filter(pk=new.pk).update(created_at=now)
        User.objects.filter(pk=alice.pk).update(activated_at=now)
        clock.shift(60)
        stop(alice)
        enter(client)
