import pytest
from django.contrib.auth.hashers import check_password
from django.utils import timezone

from accounts.audit.models import Entry
from accounts.contacts.models import PhoneNumber
from accounts.holds.models import Hold
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from tests.cast import PASSWORD, app_device, code_for, code_set, unused_code
from tests.cast import begin as sign_in_begin
from tests.recovering import NEW, app_code, begin, by_mail, by_text, heading, post, user_device


def password_of(user) -> str:
    user.refresh_from_db()
    return user.password


def test_leads_from_the_name_over_mail_and_text_to_a_new_password(client, bob):
    assert "Forgot your password?" in client.get("/login/").content.decode()
    url = by_text(client, bob)
    assert heading(client, url) == "Choose a new password"
    post(client, f"{url}password/", password=NEW)
    assert heading(client, url) == "Your password is changed"
    assert check_password(NEW, password_of(bob))


def test_signs_nobody_in_and_skips_no_factor(client, bob, clock):
    url = by_text(client, bob)
    post(client, f"{url}password/", password=NEW)
    assert not Session.objects.exists()
    assert client.get("/").status_code == 302
    clock.shift(61)
    attempt = sign_in_begin(client, "bob", password=NEW)
    assert client.get("/").status_code == 302
    assert post(client, f"{attempt}answer/", code=code_for(bob))["Location"] == "/"


def test_ends_every_session_holds_withdrawals_and_tells_every_contact(
    client, alice, sign_in, settings
):
    sign_in(client, alice)
    app_device(alice)
    other = type(client)()
    url = by_mail(other, alice)
    post(other, f"{url}way/", device=user_device(other, url))
    post(other, f"{url}answer/", code=app_code())
    post(other, f"{url}password/", password=NEW)
    assert not Session.objects.filter(ended_at=None).exists()
    assert Hold.objects.filter(user=alice, lifted_at=None).exists()
    told = Message.objects.filter(name="password_changed").values_list("to", flat=True)
    assert set(told) == {"alice@example.com", "+14155550101"}
    events = list(
        Entry.objects.filter(user=alice).order_by("number").values_list("event", flat=True)
    )
    assert events.count("recovery.done") == 1


def test_asks_whoever_holds_more_than_a_telephone_for_more(client, alice):
    app_device(alice)
    url = by_mail(client, alice)
    offered = [offer.row.method for offer in client.get(url).context["offers"]]
    assert offered == ["authenticator_app"]


def test_does_not_offer_the_weak_one_once_the_strong_one_was_guessed_at(client, alice):
    device = app_device(alice)
    type(device).objects.update(disabled_at=device.created_at)
    url = by_mail(client, alice)
    assert heading(client, url) == "This is not possible at once"


def test_takes_a_backup_code_for_a_factor(client, alice):
    code_set(alice)
    url = by_mail(client, alice)
    offered = {offer.row.method: offer.row.id for offer in client.get(url).context["offers"]}
    assert list(offered) == ["sms", "backup_codes"]
    post(client, f"{url}way/", device=offered["backup_codes"])
    post(client, f"{url}answer/", code=unused_code(alice))
    post(client, f"{url}password/", password=NEW)
    assert check_password(NEW, password_of(alice))


def test_asks_no_number_whose_sim_card_is_new(client, bob):
    PhoneNumber.objects.update(sim_swapped_at=timezone.now())
    assert heading(client, by_mail(client, bob)) == "This is not possible at once"


def test_asks_no_number_that_is_new(client, bob):
    PhoneNumber.objects.update(trusted_from=timezone.now() + timezone.timedelta(hours=1))
    assert heading(client, by_mail(client, bob)) == "This is not possible at once"


def test_is_never_done_by_mail_alone(client, bob):
    before = password_of(bob)
    url = by_mail(client, bob)
    response = client.post(f"{url}password/", {"password": NEW})
    assert response["Location"] == url
    assert password_of(bob) == before


@pytest.mark.parametrize("password", ["", "short", "bob-example-bob", PASSWORD])
def test_refuses_a_bad_password_and_goes_on(client, bob, password):
    url = by_text(client, bob)
    response = client.post(f"{url}password/", {"password": password})
    assert response.status_code == 200
    assert response.context["form"].errors["password"]
    assert heading(client, url) == "Choose a new password"
    post(client, f"{url}password/", password=NEW)


def test_unlocks_a_name_when_a_strong_factor_was_proven(client, alice, clock):
    app_device(alice)
    for _ in range(10):
        client.post("/login/", {"username": "alice", "password": "wrong"})
        clock.shift(600)
    url = by_mail(client, alice)
    post(client, f"{url}way/", device=user_device(client, url))
    post(client, f"{url}answer/", code=app_code())
    post(client, f"{url}password/", password=NEW)
    assert client.post("/login/", {"username": "alice", "password": NEW}).status_code == 302


@pytest.mark.parametrize("change", [{"is_active": False}, {"activated_at": None}])
def test_mails_nothing_to_who_may_not_sign_in(client, bob, change):
    type(bob).objects.filter(pk=bob.pk).update(**change)
    begin(client, "bob")
    assert not Message.objects.exists()
