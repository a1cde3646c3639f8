"""Which of the client's factors may prove, and in which order."""

from datetime import timedelta

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.contacts.models import PhoneNumber
from sls.methods.rules import Strength
from sls.policy.models import Policy
from sls.step_up import proofs, rules
from sls.step_up.acts import table as acts
from sls.step_up.models import Pending
from sls.step_up.rules import Demand, Factor, proving
from tests.cast import app_device
from tests.passkey_authenticator import Passkey, enrolled

factors = st.lists(
    st.builds(Factor, st.sampled_from(Strength), spare=st.booleans(), changed=st.booleans())
)
demands = st.builds(Demand, st.sampled_from(Strength), spare=st.booleans())


@given(demands, st.sampled_from(Strength), factors)
def test_nothing_weaker_proves_than_was_asked(demand, least, held):
    assert all(held[place].strength >= least for place in proving(demand, least, held))


@given(demands, st.sampled_from(Strength), factors)
def test_what_is_changed_proves_only_where_nothing_else_can(demand, least, held):
    chosen = [held[place] for place in proving(demand, least, held)]
    if any(factor.changed for factor in chosen):
        assert all(factor.changed for factor in chosen)


@given(demands, st.sampled_from(Strength), factors)
def test_spare_codes_come_last_where_they_come_at_all(demand, least, held):
    spare = [held[place].spare for place in proving(demand, least, held)]
    assert spare == sorted(spare)
    assert demand.spare or not any(spare)


def test_the_strongest_comes_first_and_equals_keep_the_order_of_the_client():
    held = [
        Factor(Strength.TYPED_CODE, spare=True),
        Factor(Strength.TELEPHONE),
        Factor(Strength.TYPED_CODE),
        Factor(Strength.PHISHING_RESISTANT),
        Factor(Strength.TYPED_CODE),
    ]
    demand = rules.TABLE["contacts.change"]
    assert proving(demand, Strength.TELEPHONE, held) == [3, 2, 4, 1, 0]
    assert proving(demand, Strength.TYPED_CODE, held) == [3, 2, 4, 0]
    assert proving(rules.TABLE["api_token.create"], Strength.TYPED_CODE, held) == [3, 2, 4]


# --- From the tables -----------------------------------------------------------------------------


def ways(user, action="contacts.change", **changed) -> list[str]:
    pending = Pending(
        user=user, action=action, least=proofs.least(user_id=user.pk, action=action), **changed
    )
    return [way.label for way in proofs.ways(pending)]


def labels(*devices) -> list[str]:
    return [f"Authenticator app on {device.name}" for device in devices]


def test_a_telephone_proves_as_long_as_there_is_nothing_stronger(alice):
    assert len(ways(alice)) == 1
    app = app_device(alice, "Pixel")
    assert ways(alice) == labels(app)
    assert len(ways(alice, "session.trust")) == 2


def test_a_switched_off_authenticator_does_not_open_the_action_to_a_weaker_one(alice):
    app = app_device(alice)
    app.disabled_at = timezone.now()
    app.save(update_fields=["disabled_at"])
    assert ways(alice) == []
    app.revoked_at, app.confirmed = timezone.now(), False
    app.save(update_fields=["revoked_at", "confirmed"])
    assert len(ways(alice)) == 1


def test_the_authenticator_that_is_removed_does_not_prove_it_if_another_can(alice):
    one = app_device(alice, "Pixel")
    assert ways(alice, changed_device=one.persistent_id) == labels(one)
    other = app_device(alice, "Tablet")
    assert ways(alice, changed_device=one.persistent_id) == labels(other)


def test_the_order_of_the_client_holds_among_equals(alice):
    one, other = app_device(alice, "Pixel"), app_device(alice, "Tablet")
    one.position, other.position = 2, 1
    for device in (one, other):
        device.save(update_fields=["position"])
    assert ways(alice) == labels(other, one)


def test_a_number_that_is_changed_or_too_new_never_proves(alice):
    phone, now = alice.phonenumbers.get(), timezone.now()
    assert ways(alice, changed_phone=phone.pk) == []
    PhoneNumber.objects.create(
        user=alice,
        number="+14155550177",
        created_at=now,
        verified_at=now,
        trusted_from=now + timedelta(hours=72),
    )
    assert ways(alice, changed_phone=phone.pk) == []


def test_a_passkey_comes_first_and_is_enough_for_everything(alice):
    app_device(alice, "Pixel")
    enrolled(alice, Passkey(), "Passkey on Mac")
    assert ways(alice) == ["Passkey on Mac", "Authenticator app on Pixel"]
    assert all(ways(alice, action)[0] == "Passkey on Mac" for action in rules.TABLE)
    assert ways(alice, "policy.change") == ["Passkey on Mac"]


def test_a_policy_that_demands_a_passkey_demands_it_here_too(alice):
    now = timezone.now()
    Policy.objects.create(user=alice, begins=now.date() - timedelta(days=2), made_at=now)
    app_device(alice, "Pixel")
    assert ways(alice) == ["Authenticator app on Pixel"]
    enrolled(alice, Passkey(), "Passkey on Mac")
    assert ways(alice) == ["Passkey on Mac"]


def test_its_queries_do_not_grow(alice, counted_queries):
    for place in range(20):
        app_device(alice, f"App {place}")
    with counted_queries(most=3):
        asked = proofs.least(user_id=alice.pk, action="contacts.change")
    with counted_queries(most=2):
        proofs.ways(Pending(user=alice, action="contacts.change", least=asked))


def test_an_act_says_what_is_changed(alice, rf):
    phone = alice.phonenumbers.get()
    PhoneNumber.objects.filter(pk=phone.pk).update(primary=False)
    path = f"/settings/communication/phones/{phone.pk}/remove/"
    act = acts.describe(user_id=alice.pk, action="contacts.change", path=path, fields={})
    assert act.phone == phone.pk
