"""The page "Secure Login System"."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.contacts.models import PhoneNumber
from accounts.users.models import User
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.sms.models import PhoneDevice
from tests.cast import app_device, code_set
from tests.sls.devices.conftest import SLS
from tests.sql import counted_queries

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def page(client) -> str:
    response = client.get(SLS)
    assert response.status_code == 200
    return response.content.decode()


def cards(client) -> dict:
    return {card.name: card for card in client.get(SLS).context["cards"]}


def test_is_reached_from_the_settings(signed_in):
    assert f'href="{SLS}"' in signed_in.get("/settings/security/").content.decode()


def test_shows_every_authenticator_with_its_drawing(signed_in, app, spare):
    text = page(signed_in)
    shown = [part for part in text.split('<li class="device')[1:] if "device__order" in part]
    assert len(shown) == 3
    assert all('class="drawing"' in part for part in shown)
    assert {"+1 415-555-0101", "Pixel 9", "iPad"} == set(cards(signed_in))


def test_says_when_and_with_what_it_was_last_used(signed_in, app):
    at = timezone.now() - timedelta(days=3)
    AppDevice.objects.update(
        last_used_at=at, last_used_agent=FIREFOX, last_used_address="203.0.113.7"
    )
    text = page(signed_in)
    assert "Last used 3\xa0days ago" in text
    assert "Firefox on Linux" in text
    assert re.search(r"<details.*203\.0\.113\.7.*</details>", text, re.S)
    assert "Gecko" not in text


@pytest.mark.parametrize(
    ("model", "change", "state"),
    [
        (AppDevice, {}, "Active"),
        (AppDevice, {"disabled_at": timezone.now()}, "Disabled after wrong codes"),
        (PhoneDevice, {}, "Fallback only"),
        (PhoneDevice, {"switched_off_at": timezone.now()}, "Switched off"),
    ],
)
def test_names_the_state(signed_in, app, model, change, state):
    if change:
        model.objects.update(**change)
    found = {card.method: card.state for card in cards(signed_in).values()}
    assert found["sms" if model is PhoneDevice else "authenticator_app"] == state


def test_text_messages_are_no_fallback_while_they_are_alone(signed_in, app):
    AppDevice.objects.update(disabled_at=timezone.now())
    assert cards(signed_in)["+1 415-555-0101"].state == "Active"


def test_marks_the_one_that_this_session_stands_on(signed_in, app):
    current = [card.name for card in cards(signed_in).values() if card.is_current]
    assert current == ["+1 415-555-0101"]


def test_leaves_out_what_is_pending_or_revoked(signed_in, app, spare):
    AppDevice.objects.filter(pk=app.pk).update(confirmed=False)
    AppDevice.objects.filter(pk=spare.pk).update(confirmed=False, revoked_at=timezone.now())
    assert set(cards(signed_in)) == {"+1 415-555-0101"}


def test_says_the_risk_beside_each(signed_in, app):
    text = page(signed_in)
    assert "SIM swap" in text
    assert "A fake page can ask for the code" in text


def test_names_ib_key_to_every_client(signed_in):
    offers = {offer.method: offer for offer in signed_in.get(SLS).context["recommended"]}
    assert "requires a smartphone" in offers["ib_key"].about
    assert (offers["ib_key"].reason, offers["ib_key"].url) == ("", f"{SLS}ib-key/")


def test_recommends_a_passkey_before_anything_else(signed_in):
    offers = [offer.method for offer in signed_in.get(SLS).context["recommended"]]
    assert offers == ["passkey", "ib_key"]
    assert page(signed_in).index("Recommended") < page(signed_in).index("Your authenticators")


def test_advises_somebody_who_has_text_messages_only(signed_in):
    assert "Add a passkey" in signed_in.get(SLS).context["advice"]


def test_advises_a_second_strong_one(signed_in, app):
    assert "Add a second one" in signed_in.get(SLS).context["advice"]


def test_offers_no_more_of_a_kind_than_can_be_kept(signed_in, alice):
    for place in range(10):
        app_device(alice, f"App {place}")
    offer = next(
        one for one in signed_in.get(SLS).context["others"] if one.method == "authenticator_app"
    )
    assert offer.url == ""
    assert "as many of this kind" in offer.reason


def test_lets_text_messages_be_switched_off_only_beside_something_permanent(signed_in, alice):
    assert "Switch off for signing in" not in page(signed_in)
    app_device(alice)
    assert "Switch off for signing in" in page(signed_in)


def test_costs_the_same_for_one_and_for_twenty(signed_in, alice):
    code_set(alice)
    app_device(alice)
    page(signed_in)
    with counted_queries(most=12) as few:
        page(signed_in)
    for place in range(20):
        app_device(alice, f"App {place}")
    then = timezone.now()
    for place in range(20):
        phone = PhoneNumber.objects.create(
            user=alice, number=f"+1415555{place + 2000}", created_at=then, verified_at=then
        )
        PhoneDevice.objects.create(user=alice, phone=phone, name="x", number_index=str(place))
    with counted_queries(len(few)):
        assert page(signed_in).count("device__order") >= 40


def test_says_to_whoever_is_opted_out_how_to_come_back(signed_in, alice):
    assert "Opt back in" not in page(signed_in)
    User.objects.filter(pk=alice.pk).update(opted_out=True)
    assert f'href="/settings/security/opt-back-in/{alice.pk}/"' in page(signed_in)


def test_leads_to_the_limits_and_to_the_losses(signed_in):
    text = page(signed_in)
    assert 'href="/settings/security/limits/"' in text
    assert 'href="/settings/security/what-if/"' in text
