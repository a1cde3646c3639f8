"""The client's own phrase: what may be one, who sees it, and where it travels."""

import ast
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts import phrase as phrases
from accounts.alerts import phrases as verbs
from accounts.alerts import rules
from accounts.alerts.rules import Flaw
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges import services as challenges
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.sending import send_code
from accounts.contacts import services as contacts
from accounts.contacts import verification
from accounts.contacts.models import EmailAddress
from accounts.origin import Origin
from accounts.outbox.models import Channel, Message
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.step_up.models import Pending
from tests.cast import PASSWORD, begin, code_for

ROOT = Path(__file__).resolve().parents[3]
ORIGIN = Origin(address="203.0.113.7")
PAGE = "/settings/communication/phrase/"
PHRASE = "blue lantern"
OWN, BRAND = ("alice", "Alice Example"), "Client Portal"


@pytest.mark.parametrize(
    "phrase",
    [
        "kit",
        "blue lantern",
        "x" * 30,
        "青い灯台",
        "あおい、とうだい",
        "Größe 42",
        "čtyři řeky",
        "маяк",
    ],
)
def test_takes_words(phrase):
    assert rules.flaw(rules.tidied(phrase), own=OWN, brand=BRAND) is None


@pytest.mark.parametrize(
    ("phrase", "flaw"),
    [
        ("ab", Flaw.SHORT),
        ("x" * 31, Flaw.LONG),
        ("blue\u202elantern", Flaw.STRANGE),
        ("blue\x00lantern", Flaw.STRANGE),
        ("blue\u200blantern", Flaw.STRANGE),
        ("blue <b>", Flaw.STRANGE),
        ("ｂｌｕｅ ｌａｎｔｅｒｎ", Flaw.STRANGE),
        ("l\u0337antern", Flaw.STRANGE),
        ("🚀 rocket", Flaw.STRANGE),
        ("123", Flaw.STRANGE),
        ("p\u0430ypal", Flaw.MIXED),  # a Cyrillic а among Latin letters
        ("www.example", Flaw.LINK),
        ("see example.com", Flaw.LINK),
        ("code 493817", Flaw.DIGITS),
        ("a 49 38 17", Flaw.DIGITS),
        ("ALICE", Flaw.NAME),
        ("alice example", Flaw.NAME),
        ("your client portal", Flaw.NAME),
    ],
)
def test_takes_nothing_else(phrase, flaw):
    assert rules.flaw(rules.tidied(phrase), own=OWN, brand=BRAND) is flaw


@given(st.text(max_size=40))
def test_what_is_taken_is_one_line_of_plain_characters(typed):
    phrase = rules.tidied(typed)
    if rules.flaw(phrase, own=OWN, brand=BRAND) is None:
        assert 3 <= len(phrase) <= 30
        assert phrase.isprintable()
        assert not set(phrase) & set('<>&@/:\\{}%"')
        assert rules.tidied(phrase) == phrase


def keep(user: User, typed: str) -> Flaw | None:
    return verbs.keep(user_id=user.pk, typed=typed, origin=ORIGIN)


def phrase_of(user: User) -> str:
    return phrases.of(User.objects.get(pk=user.pk))


@pytest.mark.django_db
def test_is_kept_sealed_and_never_audited(alice):
    assert keep(alice, f"  {PHRASE}  ") is None
    assert phrase_of(alice) == PHRASE
    stored = bytes(User.objects.get(pk=alice.pk).phrase)
    assert PHRASE.encode() not in stored
    entry = Entry.objects.get(user=alice)
    assert entry.event == "phrase.set"
    assert PHRASE not in json.dumps([entry.detail, entry.origin])


@pytest.mark.django_db
def test_does_not_open_for_another_user(alice, bob):
    keep(alice, PHRASE)
    bob.phrase = User.objects.get(pk=alice.pk).phrase
    assert phrases.of(bob) == ""


@pytest.mark.django_db
def test_is_never_the_password(alice):
    assert keep(alice, PASSWORD) in {Flaw.PASSWORD, Flaw.LONG, Flaw.STRANGE}
    alice.set_password("violet harbour tramway")
    alice.save()
    assert keep(alice, "violet harbour tramway") is Flaw.PASSWORD
    assert keep(alice, "Violet Harbour Tramway") is Flaw.PASSWORD


@pytest.mark.django_db
def test_changes_and_goes_and_every_contact_hears(alice):
    keep(alice, PHRASE)
    keep(alice, PHRASE)
    keep(alice, "green kettle")
    keep(alice, "")
    assert phrase_of(alice) == ""
    assert list(Message.objects.order_by("created_at").values_list("name", "channel")) == [
        ("phrase_set", "email"),
        ("phrase_changed", "email"),
        ("phrase_changed", "sms"),
        ("phrase_removed", "email"),
        ("phrase_removed", "sms"),
    ]
    changed = Message.objects.get(name="phrase_changed", channel="email").content()
    assert "green kettle" in changed["text"]


@pytest.mark.django_db
def test_every_alert_and_code_to_a_verified_contact_carries_it(client, alice):
    keep(alice, PHRASE)
    begin(client, alice.username)
    code = Message.objects.get(name="security_code").content()["text"]
    assert code.startswith("Client Portal")
    contacts.add_email(user_id=alice.pk, typed="new@example.com", origin=ORIGIN)
    told = Message.objects.get(name="email_added", channel="email").content()
    assert PHRASE in told["text"]
    assert PHRASE in told["html"]


@pytest.mark.django_db
def test_a_code_to_an_unverified_contact_does_not_carry_it(alice):
    keep(alice, PHRASE)
    email = contacts.add_email(user_id=alice.pk, typed="new@example.com", origin=ORIGIN)
    verification.send_code(contact=email, channel=Channel.EMAIL, origin=ORIGIN)
    sent = Message.objects.get(name="security_code", to="new@example.com").content()
    assert PHRASE not in json.dumps(sent, ensure_ascii=False)


@pytest.mark.django_db
@pytest.mark.parametrize("purpose", [Purpose.CONTACT, Purpose.ACTIVATION])
def test_nothing_that_goes_to_a_stranger_carries_it(alice, purpose):
    keep(alice, PHRASE)
    user = User.objects.get(pk=alice.pk)
    sent = send_to(user, purpose)
    assert PHRASE not in json.dumps(sent, ensure_ascii=False)
    assert PHRASE in json.dumps(send_to(user, Purpose.SIGN_IN), ensure_ascii=False)


def send_to(user: User, purpose: Purpose) -> dict:
    Message.objects.filter(name="security_code").delete()
    with transaction.atomic():
        challenge: Challenge = challenges.open_challenge(
            user_id=user.pk,
            purpose=purpose,
            method="email",
            bound_to="x",
            destination="somebody@example.com",
            life=timedelta(minutes=5),
            tries=3,
            code="493817",
        )
        send_code(challenge, user=user, channel=Channel.EMAIL, origin=ORIGIN)
    return Message.objects.get(name="security_code").content()


@pytest.mark.django_db
def test_an_address_that_was_thrown_out_by_an_undo_does_not_get_it(alice):
    keep(alice, PHRASE)
    dropped = EmailAddress.objects.create(
        user=alice,
        address="thief@example.org",
        created_at=alice.created_at,
        removed_at=alice.created_at,
    )
    with transaction.atomic():
        audit.record(
            Event.EMAIL_UNDONE,
            user=audit.lock(alice.pk),
            origin=ORIGIN,
            note={"email": None, "dropped": [dropped], "phone": None, "session": ""},
        )
    told = {
        one.to: json.dumps(one.content()) for one in Message.objects.filter(name="email_undone")
    }
    assert PHRASE not in told["thief@example.org"]
    assert PHRASE in told["alice@example.com"]


@pytest.mark.django_db
def test_the_page_shows_it_masked_until_a_proof(client, alice, sign_in, clock):
    keep(alice, PHRASE)
    sign_in(client, alice)
    clock.shift(61)
    page = client.get(PAGE).content.decode()
    assert PHRASE not in page
    assert "b … n" in page
    url = client.post(PAGE)["Location"]
    assert client.post(url, {"password": PASSWORD}).status_code == 302
    done = client.post(f"{url}answer/", {"code": code_for(alice)})
    assert "phrase" in client.get(done["Location"]).content.decode()
    assert client.post(PAGE)["Location"] == PAGE
    assert PHRASE in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"passphrase": "green kettle"}).status_code == 302
    assert phrase_of(alice) == "green kettle"
    refused = client.post(PAGE, {"passphrase": "www.example.com"}).content.decode()
    assert "cannot hold an address" in refused
    client.post(PAGE, {"remove": "1"})
    assert phrase_of(alice) == ""


@pytest.mark.django_db
def test_a_phrase_that_was_posted_without_a_proof_is_let_go(client, alice, sign_in):
    sign_in(client, alice)
    assert client.post(PAGE, {"passphrase": PHRASE})["Location"] == PAGE
    assert not Pending.objects.exists()
    assert phrase_of(alice) == ""
    assert Session.objects.filter(user=alice, verified_action="").exists()


def test_whoever_queues_a_message_decides_whether_it_carries_the_phrase():
    """A forgotten one would teach the client that our messages may lack it."""
    undecided = [
        f"{path}:{node.lineno}"
        for package in ("accounts", "sls", "portal")
        for path in sorted((ROOT / package).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in ("enqueue", "compose")
        and "phrase" not in {keyword.arg for keyword in node.keywords}
    ]
    assert undecided == []
