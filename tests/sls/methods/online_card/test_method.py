"""The sheet in use: 21 days, one pair a challenge, ten wrong in a row (KB1873)."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts import limits
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from accounts.origin import Origin
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from accounts.vault import CannotOpen
from sls.methods import registry
from sls.methods.online_card import rules, services
from sls.methods.online_card.models import OnlineCard
from tests.cast import begin, online_card, person, values

HERE = Origin(address="203.0.113.7")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def user(transactional_db):
    return person("alice", mobile="+14155550101")


@pytest.fixture
def card(user):
    return online_card(user)


def ask(user, card, bound_to="a" * 64) -> Challenge:
    with transaction.atomic():
        row = next(one for one in registry.devices(user.pk) if one.id == card.persistent_id)
        return registry.get("online_card").challenge(
            row, user=audit.lock(user.pk), purpose=Purpose.SIGN_IN, bound_to=bound_to, origin=HERE
        )


def verify(challenge: Challenge, text: str):
    return registry.get("online_card").verify(challenge, text, origin=HERE)


def test_no_challenge_asks_for_a_pair_again(user, card, settings):
    settings.CARD_CHALLENGES = 1000
    asked = [ask(user, card).question for _ in range(rules.UNANSWERED)]
    assert len(set(asked)) == rules.UNANSWERED


def test_one_challenge_asks_for_the_same_pair_throughout(client, user, card):
    url = begin(client)
    client.post(f"{url}method/", {"device": card.persistent_id})
    before = Challenge.objects.get().question
    page = client.post(f"{url}answer/", {"code": "000000"}).content.decode()
    first, second = before.split()
    assert f">{first}</span>" in page
    assert f">{second}</span>" in page
    assert Challenge.objects.get().question == before


def test_signs_in_by_both_values(client, user, card):
    url = begin(client)
    client.post(f"{url}method/", {"device": card.persistent_id})
    right = values(Challenge.objects.get())
    assert client.post(f"{url}answer/", {"code": f"{right[:3]} {right[3:]}"}).status_code == 302
    assert client.get("/").status_code == 200


def test_is_over_after_21_days(user, card, clock):
    clock.shift(timedelta(days=21, seconds=-1))
    open_one = ask(user, card)
    clock.shift(timedelta(seconds=1))
    assert not [row for row in registry.devices(user.pk) if row.method == "online_card"]
    assert verify(open_one, values(open_one)).outcome == "disabled"


def test_the_end_erases_it_and_is_told(user, card, clock):
    clock.shift(timedelta(days=21))
    assert services.expire_due() == 1
    card.refresh_from_db()
    assert not card.confirmed
    with pytest.raises(CannotOpen):
        card.open_seed()
    assert Message.objects.filter(name="online_card_over").exists()
    assert Entry.objects.get(event=Event.ONLINE_CARD_OVER).actor == "system"
    assert services.expire_due() == 0


def test_the_days_begin_with_the_activation(user, clock):
    method = registry.get("online_card")
    with transaction.atomic():
        begun = method.enrol(user=audit.lock(user.pk), origin=HERE, bound_to="a" * 64)
    clock.shift(timedelta(minutes=5))
    shown = dict(begun.shown["entries"])
    asked = registry.asked(begun.challenge)
    right = shown[asked["first"]] + shown[asked["second"]]
    assert method.verify(begun.challenge, right, origin=HERE).is_ok
    card = OnlineCard.objects.get()
    assert card.ends_at == card.last_used_at + timedelta(days=21)


def test_is_switched_off_after_ten_wrong_answers_in_a_row(user, card):
    outcomes = []
    for _ in range(2):
        challenge = ask(user, card)
        outcomes += [verify(challenge, "xxxxxx").outcome for _ in range(5)]
    assert outcomes[-1] == "disabled"
    card.refresh_from_db()
    assert card.failures == 10
    assert not registry.get("online_card").devices(user.pk).exists()


def test_whoever_waits_for_a_pair_they_know_is_stopped(user, card, settings):
    for _ in range(settings.CARD_CHALLENGES):
        ask(user, card)
    with pytest.raises(limits.TooMany):
        ask(user, card)
    OnlineCard.objects.update(unanswered=rules.UNANSWERED)
    assert not registry.get("online_card").devices(user.pk).exists()


def test_a_right_answer_ends_the_count_of_unanswered_ones(user, card):
    ask(user, card)
    challenge = ask(user, card)
    assert verify(challenge, values(challenge)).is_ok
    card.refresh_from_db()
    assert (card.issued, card.answered, card.unanswered) == (2, 1, 0)


def test_is_spent_after_so_many_answers_that_watching_them_would_help(user, card):
    OnlineCard.objects.update(answered=rules.SPENT)
    assert not registry.get("online_card").devices(user.pk).exists()


def test_a_seed_that_cannot_be_opened_answers_nothing(user, card):
    challenge = ask(user, card)
    OnlineCard.objects.update(seed=b"altered")
    assert not verify(challenge, values(challenge)).is_ok
    assert not Session.objects.exists()
