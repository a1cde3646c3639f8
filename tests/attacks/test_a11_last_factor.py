"""A11: whatever happens at the same time, one authenticator that opens the door remains."""

from collections.abc import Callable
from functools import partial

import pytest
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Outcome
from accounts.contacts import services as contacts
from accounts.contacts.models import PhoneNumber
from accounts.origin import Origin
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.devices import removal, services, trial
from sls.devices.rules import Refusal
from sls.methods import registry
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.protocol import Enrolment
from tests.attacks.tools import at_once, other_than
from tests.cast import app_device, begin, code_for, person
from tests.sls.devices.conftest import app_code

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("config.getoption('--db') == 'sqlite'", reason="one writer only"),
]

ROUNDS = 50
SESSION = "f" * 64
ORIGIN = Origin(address="203.0.113.7", session=SESSION)


@pytest.fixture
def nora(db) -> User:
    """A client without a telephone."""
    return person("nora")


def remove(device: AppDevice) -> Refusal | None:
    return removal.remove(device=device, proven_by="", origin=ORIGIN)


def pending(user: User, **further: AppDevice) -> Enrolment:
    method = registry.get("authenticator_app")
    begun = services.add(user_id=user.pk, method=method, bound_to=SESSION, origin=ORIGIN, **further)
    assert isinstance(begun, Enrolment)
    return begun


def together(*acts: Callable[[], object]) -> list:
    """Everything at the same instant."""
    return at_once(len(acts), lambda place: acts[place]())


def start_again() -> None:
    """The next round begins with nothing."""
    AppDevice.objects.all().delete()
    Challenge.objects.all().delete()


def test_two_simultaneous_removals_never_take_both(nora):
    for _round in range(ROUNDS):
        one, other = app_device(nora, "one"), app_device(nora, "other")
        outcomes = together(partial(remove, one), partial(remove, other))
        assert set(outcomes) == {None, Refusal.LAST}
        assert len(registry.devices(nora.pk)) == 1
        start_again()
    assert audit.verify(User.objects.get(pk=nora.pk)) is None


def test_fifty_removals_at_once_leave_one(nora):
    held = [app_device(nora, f"App {place}") for place in range(ROUNDS)]
    outcomes = at_once(ROUNDS, lambda place: remove(held[place]))
    assert outcomes.count(Refusal.LAST) == 1
    assert len(registry.devices(nora.pk)) == 1


def test_removing_the_last_while_adding_one_leaves_one(nora):
    for _round in range(ROUNDS):
        old = app_device(nora, "old")
        begun = pending(nora)
        confirm = partial(
            services.answer, begun.challenge, text=app_code(begun.device), origin=ORIGIN
        )
        removed, problem = together(partial(remove, old), confirm)
        assert problem is None
        assert removed in (None, Refusal.LAST)
        assert len(registry.devices(nora.pk)) == (1 if removed is None else 2)
        start_again()


def test_removing_one_while_the_other_is_disabled_never_follows_it(nora, settings):
    settings.AUTHENTICATOR_APP_FAILURES = 1
    for _round in range(ROUNDS):
        one, other = app_device(nora, "one"), app_device(nora, "other")
        assert trial.begin(device=other, bound_to=SESSION, origin=ORIGIN) is None
        challenge = Challenge.objects.get(purpose=Purpose.TEST)
        guess = partial(trial.answer, challenge, text=other_than(app_code(other)), origin=ORIGIN)
        removed, problem = together(partial(remove, one), guess)
        assert problem.code == Outcome.DISABLED
        if removed is None:
            # It went while the other one still worked, which was disabled only afterwards.
            events = Entry.objects.filter(user=nora).order_by("-number")
            latest = list(events.values_list("event", flat=True)[:3])
            assert latest.index(Event.DEVICE_DISABLED) < latest.index(Event.DEVICE_REVOKED)
        else:
            assert removed is Refusal.LAST
            assert [row.name for row in registry.devices(nora.pk)] == ["one"]
        start_again()


def test_switching_off_the_telephone_while_removing_the_app_leaves_one(alice):
    app = app_device(alice)
    switch_off = partial(removal.switch_off_sms, user_id=alice.pk, proven_by="", origin=ORIGIN)
    outcomes = together(partial(remove, app), switch_off)
    assert outcomes.count(None) == 1
    assert outcomes[0] in (None, Refusal.LAST)
    assert outcomes[1] in (None, Refusal.ONLY_TELEPHONE)
    assert len(registry.devices(alice.pk)) == 1


def test_removing_one_during_its_own_test_proves_nothing(nora):
    one = app_device(nora, "one")
    app_device(nora, "other")
    trial.begin(device=one, bound_to=SESSION, origin=ORIGIN)
    challenge, code = Challenge.objects.get(purpose=Purpose.TEST), app_code(one)
    assert remove(one) is None
    assert trial.answer(challenge, text=code, origin=ORIGIN).code == Outcome.DISABLED


def test_a_code_in_flight_opens_nothing_once_the_number_has_changed(client, alice):
    url, code = begin(client), code_for(alice)
    now = timezone.now()
    new = PhoneNumber.objects.create(
        user=alice, number="+14155550155", created_at=now, verified_at=now, trusted_from=now
    )
    assert contacts.make_primary(contact=new, origin=ORIGIN) is None
    client.post(f"{url}answer/", {"code": code})
    assert not Session.objects.exists()
    assert [row.destination for row in registry.devices(alice.pk)] == [new.number]


def test_two_replacements_of_one_leave_one_of_them(nora):
    for _round in range(ROUNDS):
        old = app_device(nora, "old")
        begun = together(*[partial(pending, nora, instead_of=old)] * 2)
        live = next(one for one in begun if AppDevice.objects.filter(pk=one.device.pk).exists())
        confirm = partial(
            services.answer, live.challenge, text=app_code(live.device), origin=ORIGIN
        )
        together(confirm, confirm)
        assert [row.id for row in registry.devices(nora.pk)] == [live.device.persistent_id]
        start_again()
