"""Signing in with a security card."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from sls.login.models import Attempt
from sls.methods.dsc_plus.models import Card
from tests.cast import begin, card_device, person, response


@pytest.fixture
def carla(db):
    """Somebody who has a card and nothing else."""
    user = person("carla")
    card_device(user)
    return user


@pytest.fixture
def url(client, carla) -> str:
    return begin(client, "carla")


def newest() -> Challenge:
    return Challenge.objects.latest("created_at")


def answer(client, url, code):
    return client.post(f"{url}answer/", {"code": code})


def start_over(client, url):
    return client.post(f"{url}resend/", {"delivery": "new"})


def expire() -> None:
    Challenge.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def test_lets_in_by_the_response(client, url):
    assert answer(client, url, response(newest())).status_code == 302
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("shape", ["{} {}", "{}-{}", " {}{} "])
def test_takes_the_response_as_people_type_it(client, url, shape):
    right = response(newest())
    assert answer(client, url, shape.format(right[:4], right[4:])).status_code == 302


def test_takes_full_width_digits(client, url):
    wide = response(newest()).translate({ord("0") + n: ord("０") + n for n in range(10)})
    assert answer(client, url, wide).status_code == 302


@pytest.mark.parametrize("text", ["", "1234567", "123456789", "1234567a", "ABC-12345678", "492817"])
def test_counts_nothing_that_cannot_be_a_response(client, url, text):
    assert answer(client, url, text).status_code == 200
    assert newest().tries_left == 3
    assert Card.objects.get().failures == 0


def test_shows_the_challenge_in_groups_and_how_to_answer_it(client, url):
    page = client.get(url).content.decode()
    asked = newest().question
    spoken = " ".join(asked[:3])
    shown = re.search(r'id="challenge"[^>]*>(.*?)</p>', page)[1]
    assert re.sub("<[^>]*>", "", shown) == f"{asked[:3]} {asked[3:]}"
    assert f'aria-label="{spoken}"' in shown
    for words in ("PIN&gt;", "CHALLNG&gt;", "not touch sensitive: press them", "Security Code"):
        assert words in page


def test_says_what_to_check_and_how_often_it_can_be_tried(client, url):
    right = response(newest())
    page = answer(client, url, right[:-1] + str((int(right[-1]) + 1) % 10)).content.decode()
    assert "Check the challenge and your PIN" in page
    assert "2 more times" in page


def test_asks_something_new_after_three_wrong_responses(client, url):
    first = newest()
    for _ in range(3):
        page = answer(client, url, response(first, pin="0000")).content.decode()
    assert "That is 3 responses that did not match" in page
    assert answer(client, url, response(first)).status_code == 200
    assert start_over(client, url).status_code == 302
    assert newest().question != first.question
    assert answer(client, url, response(newest())).status_code == 302


def test_starts_over_without_the_password_once_the_challenge_is_expired(client, url):
    expire()
    page = client.get(url).content.decode()
    assert 'name="delivery" value="new"' in page
    assert "id_code" not in page
    before = newest()
    assert answer(client, url, response(before)).status_code == 200
    assert start_over(client, url).status_code == 302
    after = newest()
    assert after.question != before.question
    assert after.bound_to == before.bound_to
    assert answer(client, url, response(after)).status_code == 302


def test_a_page_that_is_opened_asks_nothing_new(client, url):
    expire()
    for _ in range(3):
        client.get(url)
    client.get(f"{url}resend/")
    assert Challenge.objects.count() == 1


def test_starting_over_leaves_an_open_challenge_alone(client, url):
    assert start_over(client, url).status_code == 302
    assert Challenge.objects.count() == 1


def test_starts_over_three_times_at_most(client, url, settings):
    for _ in range(settings.CHALLENGES_PER_ATTEMPT):
        expire()
        assert start_over(client, url).status_code == 302
    expire()
    page = start_over(client, url)
    assert page.status_code == 429
    assert "Please start again" in page.content.decode()
    assert Challenge.objects.count() == 1 + settings.CHALLENGES_PER_ATTEMPT


def test_a_card_is_asked_five_times_in_ten_minutes(carla, clock, settings):
    urls = []
    for _ in range(settings.CARD_CHALLENGES):
        client = Client()
        urls.append((client, begin(client, "carla")))
    refused = Client().post("/login/", {"username": "carla", "password": "lantern-orbit-cactus-42"})
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) <= 600
    expire()
    client, url = urls[-1]
    page = start_over(client, url)
    assert page.status_code == 429
    assert "It can be asked again at" in page.content.decode()
    assert Attempt.objects.latest("created_at").openings == 0
    clock.shift(601)
    assert start_over(client, url).status_code == 302


def test_only_the_newest_challenge_can_be_answered(client, url):
    first = newest()
    other = Client()
    again = begin(other, "carla")
    page = answer(client, url, response(first))
    assert "That challenge has expired" in page.content.decode()
    assert Card.objects.get().failures == 0
    assert answer(other, again, response(newest())).status_code == 302


def test_tells_its_owner_when_it_is_disabled(client, carla, clock):
    for _ in range(4):
        url = begin(client := Client(), "carla")
        for _ in range(3):
            page = answer(client, url, response(newest(), pin="9999"))
        clock.shift(200)
    assert "it is switched off" in page.content.decode()
    assert Entry.objects.filter(event=Event.DEVICE_DISABLED, user=carla).count() == 1
    assert Card.objects.get().disabled_at is not None
