"""Is this really you calling me? From anybody, and signed in."""

import re
import time

import pytest
from django.test import Client

from accounts import floor
from accounts.callers import rules, services
from accounts.cases.models import Case, Kind
from tests.accounts.callers.conftest import DESK, opened
from tests.sql import counted_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def her(client, alice, sign_in) -> Client:
    return sign_in(client, alice)


def ask(client: Client, reference: str, **extra):
    return client.post("/verify-caller/", {"reference": reference}, **extra)


def bare(response) -> str:
    """The page without what differs in every answer, and what was typed."""
    return re.sub(r'(nonce|value)="[^"]*"', "", response.content.decode())


def test_a_good_reference_tells_who_it_is_and_no_client(client, talk, alice):
    page = ask(client, talk.shown).content.decode()
    for said in ("Sam", "Client Services", "signing in", talk.shown, "tel:+14155550100"):
        assert said in page
    for hidden in ("Alice", "alice", "U1000001", "Example, ", "Sam Example"):
        assert hidden not in page
    assert "Sign in and check" in page


def test_signed_in_it_says_that_it_is_for_the_reader(her, talk):
    page = ask(her, talk.reference).content.decode()
    assert re.search(r"Yes, <bdi>Sam</bdi> is calling you", page)
    assert "Is it for you?" not in page


def forged(reference: str) -> str:
    """One letter is another."""
    return reference[:-1] + ("0" if reference[-1] != "0" else "1")


def test_whatever_is_no_good_is_answered_alike(client, talk, alice, sam, clock):
    over = opened(alice, sam).reference  # ends the one before
    services.end(talk=services.Talk.objects.get(reference=over), origin=DESK)
    typed = ["", "R-1", "KMP-493817", "x" * 99, "4K7TQ29M", talk.reference, over]
    typed += [forged(over), "<script>alert(1)</script>", "' OR 1=1 --", "４Ｋ７Ｔ"]
    answers = [ask(client, one, REMOTE_ADDR="192.0.2.9") for one in typed]
    assert {one.status_code for one in answers} == {200}
    assert len({bare(one) for one in answers}) == 1
    assert "Hang up" in bare(answers[0])
    assert not any("<script>alert" in one.content.decode() for one in answers)


def test_anothers_reference_is_answered_like_an_unknown_one(client, talk, bob, sign_in):
    sign_in(client, bob)
    foreign, unknown, none = (ask(client, one) for one in (talk.reference, "4K7TQ29M", ""))
    assert len({bare(one) for one in (foreign, unknown, none)}) == 1
    assert "no reference of a conversation with you" in bare(foreign)
    assert "Sam" not in bare(foreign)


def test_an_old_reference_is_good_for_nothing(client, talk, clock):
    clock.shift(rules.LIFE.total_seconds() + 1)
    assert "Hang up" in ask(client, talk.reference).content.decode()


def test_every_answer_takes_one_look(client, talk):
    for typed in ("", "x" * 40, "4K7TQ29M", forged(talk.reference)):
        with counted_queries(1):
            ask(client, typed)


def test_every_answer_takes_the_same_time(client, talk, settings):
    """With the floor of production, which hides the counting of a good one."""
    settings.TESTING = False
    times = {}
    for typed in (talk.reference, "4K7TQ29M", "", forged(talk.reference)):
        since = time.perf_counter()
        ask(client, typed)
        times[typed] = time.perf_counter() - since
    assert min(times.values()) >= floor.SECONDS
    assert max(times.values()) - min(times.values()) < floor.SECONDS


def test_references_cannot_be_tried_in_numbers(client, talk):
    answers = [ask(client, "4K7TQ29M").status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]
    # Also not a good one, so that the limit tells nothing; others still may.
    assert ask(client, talk.reference).status_code == 429
    assert ask(client, talk.reference, REMOTE_ADDR="198.51.100.9").status_code == 200


def test_looking_counts_nothing(client, talk):
    for _ in range(30):
        assert client.get(f"/verify-caller/?reference={talk.reference}").status_code == 200
    talk.refresh_from_db()
    assert talk.checks == 0


def test_one_tap_reports_the_call(client, db):
    page = client.post("/verify-caller/report/", {"reference": "<b>4K7T"}).content.decode()
    case = Case.objects.get()
    assert (case.user, case.kind) == (None, Kind.CALL)
    assert case.shown in page
    assert "<b>4K7T" in case.letters.get().text
    assert client.get("/verify-caller/report/").status_code == 405


def test_a_client_follows_the_report(her, alice):
    response = her.post("/verify-caller/report/", {"reference": "4K7T-Q29M"})
    case = Case.objects.get(user=alice)
    assert response["Location"] == f"/cases/{case.reference}/"
    assert "4K7T-Q29M" in her.get(response["Location"]).content.decode()


def test_reports_are_bounded(client, db):
    answers = [client.post("/verify-caller/report/").status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_every_page_of_the_client_says_who_is_talking_to_them(her, talk):
    for path in ("/", "/activity/", "/settings/security/"):
        page = her.get(path).content.decode()
        assert "We are talking to you now:" in page
        assert talk.shown in page
    page = her.get("/verify-caller/").content.decode()
    assert "Nobody here is on the phone with you" not in page
    assert "Client Services" in page
    services.end(talk=talk, origin=DESK)
    assert "We are talking to you now:" not in her.get("/").content.decode()
    assert "Nobody here is on the phone with you" in her.get("/verify-caller/").content.decode()


def test_nobody_else_sees_it(client, talk, bob, sign_in):
    assert "Sam" not in client.get("/verify-caller/").content.decode()
    sign_in(client, bob)
    assert talk.shown not in client.get("/").content.decode()
    assert "Nobody here is on the phone with you" in client.get("/verify-caller/").content.decode()


def test_the_question_is_asked_in_the_header_and_before_signing_in(her, db):
    assert her.get("/").content.decode().count('href="/verify-caller/"') == 2
    assert 'href="/verify-caller/"' in Client().get("/login/").content.decode()


def test_a_hostile_first_name_is_text(client, alice, sam):
    sam.name = "<img/src=x>"
    sam.save()
    page = ask(client, opened(alice, sam).reference).content.decode()
    assert "&lt;img/src=x&gt;" in page
    assert "<img/src" not in page
