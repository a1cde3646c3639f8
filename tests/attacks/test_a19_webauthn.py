"""A19: what a browser, an authenticator or somebody between them may claim, and must not gain.

CVE-2026-8830 (Keycloak) checked the policy of passkeys in the script of the page alone; here every
answer is bent on its way and judged by the server. Of the other rows on peers, 14 (CVE-2026-7507)
stands in tests/sls/login/test_passkey.py; 17, 18, 24, 25 and 29 are below.
"""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from webauthn.helpers import bytes_to_base64url as b64
from webauthn.helpers import encode_cbor

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Outcome
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from sls.methods.passkey.models import PasskeyDevice
from sls.methods.sms.models import PhoneDevice
from tests.attacks.tools import at_once, browser, twin
from tests.cast import PASSWORD, begin, code_for, person
from tests.passkey_authenticator import (
    BACKED_UP,
    ELIGIBLE,
    PRESENT,
    VERIFIED,
    Passkey,
    cose,
    enrolled,
    sign,
)
from tests.passkeys import SLS, ask, make
from tests.sls.devices.conftest import confirm

pytestmark = pytest.mark.django_db
postgres = pytest.mark.skipif("config.getoption('--db') == 'sqlite'", reason="one writer only")
threads = pytest.mark.django_db(transaction=True)

# What browsers say.
TOLD = {
    "another address": {"origin": "http://localhost.evil.example:8000"},
    "a part of the address": {"origin": "http://localhost"},
    "another scheme": {"origin": "https://localhost:8000"},
    "another port": {"origin": "http://localhost:8001"},
    "no address": {"origin": None},
    "an address in a list": {"origin": ["http://localhost:8000"]},
    "a page within a page": {"crossOrigin": True},
    "a page within a page, in words": {"crossOrigin": "true"},
    "the page around it": {"topOrigin": "https://evil.example"},
    "the other ceremony": {"type": "swapped"},
    "no ceremony": {"type": None},
    "another challenge": {"challenge": "A" * 43},
    "no challenge": {"challenge": ""},
    "a challenge in another alphabet": {"challenge": "padded"},
}
# What authenticators say.
FLAGS = {
    "nobody was there": VERIFIED,
    "nobody was verified": PRESENT,
    "nothing": 0,
    "backed up, but not eligible": PRESENT | VERIFIED | BACKED_UP,
}


def told(case: str, kind: str, question: str) -> dict:
    swapped = {"webauthn.get": "webauthn.create", "webauthn.create": "webauthn.get"}[kind]
    return {
        name: {"swapped": swapped, "padded": f"{question}="}.get(value, value)
        if isinstance(value, str)
        else value
        for name, value in TOLD[case].items()
    }


def bent(text: str, **response: str) -> str:
    credential = json.loads(text)
    credential["response"] |= response
    return json.dumps(credential)


# --- Answers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", TOLD)
def test_an_answer_from_elsewhere_is_refused_and_counted(asked, passkey, hers, case):
    verdict = asked.says(
        passkey.answer(asked.question, **told(case, "webauthn.get", asked.question))
    )
    assert verdict.outcome is Outcome.WRONG
    assert verdict.said
    hers.refresh_from_db()
    assert hers.failures == 1


@pytest.mark.parametrize("case", FLAGS)
def test_an_answer_for_which_nobody_was_asked_is_refused(asked, passkey, hers, case):
    passkey.flags = FLAGS[case]
    assert asked.says(passkey.answer(asked.question)).outcome is Outcome.WRONG


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "LOCALHOST", ""])
def test_an_answer_to_another_name_is_refused(asked, passkey, host):
    passkey.host = host
    assert "another address" in asked.says(passkey.answer(asked.question)).said


def test_a_counter_that_goes_back_is_refused_recorded_and_told(asked, passkey, hers, alice):
    PasskeyDevice.objects.update(sign_count=50)
    passkey.counter = 48
    for counter in (49, 50):
        verdict = asked.says(passkey.answer(asked.question))
        assert passkey.counter == counter
        assert "a copy of it may be in use" in verdict.said
    assert Entry.objects.filter(event=Event.COUNTER_BACK).count() == 2
    assert Message.objects.filter(name="passkey_copied").count() == 1
    hers.refresh_from_db()
    assert (hers.sign_count, hers.failures) == (50, 2)
    assert asked.says(passkey.answer(asked.question)).is_ok


def test_a_stranger_cannot_raise_the_alarm_about_copies(asked, passkey, hers):
    PasskeyDevice.objects.update(sign_count=50)
    forged = Passkey(id=passkey.id)
    assert "copy" not in asked.says(forged.answer(asked.question)).said
    assert not Entry.objects.filter(event=Event.COUNTER_BACK).exists()


def test_a_counter_that_stops_counting_is_one_that_went_back(asked, passkey):
    PasskeyDevice.objects.update(sign_count=50)
    passkey.counter = passkey.step = 0
    assert not asked.says(passkey.answer(asked.question)).is_ok


def test_a_passkey_that_begins_to_be_copied_is_another_one(asked, passkey):
    passkey.flags |= ELIGIBLE
    assert not asked.says(passkey.answer(asked.question)).is_ok


def test_an_answer_is_taken_once(asked, passkey, alice, hers):
    text = passkey.answer(asked.question)
    assert asked.says(text).is_ok
    assert asked.says(text).outcome is Outcome.USED
    # Nor does it answer the next question.
    assert ask(alice, hers).says(text).outcome is Outcome.WRONG


def test_an_answer_of_somebody_else_is_refused(asked, passkey, bob):
    theirs = Passkey()
    enrolled(bob, theirs)
    assert "another passkey" in asked.says(theirs.answer(asked.question)).said


def test_another_passkey_of_the_same_person_is_not_the_one_that_was_asked(asked, alice):
    other = Passkey()
    enrolled(alice, other)
    assert "another passkey" in asked.says(other.answer(asked.question)).said


def test_a_handle_of_somebody_else_is_refused(asked, passkey, bob):
    passkey.handle = enrolled(bob, Passkey()).user_handle
    assert not asked.says(passkey.answer(asked.question)).is_ok


def test_a_signature_over_something_else_is_refused(asked, passkey):
    text = passkey.answer(asked.question)
    others = (b"", b"x", sign(passkey.key, b"something else"))
    for signature in others[1:]:
        assert not asked.says(bent(text, signature=b64(signature))).is_ok
    assert asked.says(bent(text, signature=b64(others[0]))) == "unreadable"


@pytest.mark.parametrize("data", [b"\x00", b"\x00" * 36, b"\xff" * 200, b"\x00" * 37 + b"more"])
def test_what_no_authenticator_says_is_refused(asked, passkey, data):
    text = bent(passkey.answer(asked.question), authenticatorData=b64(data))
    assert asked.says(text).outcome is Outcome.WRONG


@pytest.mark.parametrize(
    "data",
    [
        b"\x00",
        b"[]",
        b"null",
        b"{",
        b"{}",
        b'{"type":1}',
        b"\xff\xfe",
        b'"' + b"x" * 99,
        b"[" * 3000,
    ],
)
def test_what_no_browser_says_is_refused(asked, passkey, data):
    text = bent(passkey.answer(asked.question), clientDataJSON=b64(data))
    assert asked.says(text).outcome is Outcome.WRONG


# --- Making --------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", TOLD)
def test_a_passkey_made_elsewhere_is_refused(making, passkey, case):
    verdict = making.says(
        passkey.made(making.question, **told(case, "webauthn.create", making.question))
    )
    assert verdict.outcome is Outcome.WRONG
    assert verdict.said
    assert not PasskeyDevice.objects.filter(confirmed=True).exists()


@pytest.mark.parametrize("case", FLAGS)
def test_a_passkey_made_without_its_owner_is_refused(making, case):
    assert not making.says(Passkey(flags=FLAGS[case]).made(making.question)).is_ok


def test_a_passkey_made_for_another_name_is_refused(making):
    assert not making.says(Passkey(host="evil.example").made(making.question)).is_ok


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP384R1()),
        ec.generate_private_key(ec.SECP521R1()),
        rsa.generate_private_key(65537, 1024),
    ],
    ids=["ES384", "ES512", "RS256 of 1024 bits"],
)
def test_an_algorithm_that_was_not_offered_is_refused(making, key):
    assert "kind of key" in making.says(Passkey(key).made(making.question)).said


@pytest.mark.parametrize(
    "changes",
    [
        {3: -35},  # says ES384
        {3: -7.0},
        {3: -65535},
        {3: None},
        {1: 4},
        {-1: 2},  # the wrong curve
        {-2: bytes(32)},  # not on the curve
        {-3: b""},
    ],
    ids=str,
)
def test_a_key_that_is_none_is_refused(making, changes, monkeypatch):
    honest = Passkey()
    key = cose(honest.key) | changes
    monkeypatch.setattr("tests.passkey_authenticator.cose", lambda _key: key)
    assert not making.says(honest.made(making.question)).is_ok


@pytest.mark.parametrize(
    "statement",
    [
        {"fmt": "none", "attStmt": {"x": 1}},
        {"fmt": "none", "attStmt": {"sig": b"x", "alg": -7}},
        {"fmt": "packed", "attStmt": {"alg": -7, "sig": b"not a signature"}},
        {"fmt": "packed", "attStmt": {"alg": -7, "sig": b"x", "x5c": [b"x"]}},
        {"fmt": "packed", "attStmt": []},
        {"fmt": "fido-u2f", "attStmt": {"sig": b"x", "x5c": [b"x"]}},
        {"fmt": "tpm", "attStmt": {}},
        {"fmt": "None", "attStmt": {}},
        {"fmt": None, "attStmt": {}},
        {"fmt": ["none"], "attStmt": {}},
        {"attStmt": None},
    ],
    ids=str,
)
def test_a_statement_that_nobody_asked_for_is_refused(making, statement):
    verdict = making.says(Passkey().made(making.question, statement=statement))
    assert verdict.outcome is Outcome.WRONG


@pytest.mark.parametrize("data", [b"\xa0", b"\xff", b"\x80", encode_cbor({"fmt": "none"})])
def test_what_is_no_attestation_is_refused(making, data):
    text = bent(Passkey().made(making.question), attestationObject=b64(data))
    assert making.says(text).outcome is Outcome.WRONG


def test_an_id_that_the_authenticator_did_not_name_is_refused(making, alice):
    credential = json.loads(Passkey().made(making.question))
    credential["id"] = credential["rawId"] = b64(b"the id of somebody else's passkey")
    assert not making.says(json.dumps(credential)).is_ok


def test_a_credential_is_enrolled_once_whoever_has_it(alice, bob):
    shared = Passkey()
    assert make(bob).says(shared.made(Challenge.objects.latest("created_at").question)).is_ok
    mine = make(alice)
    assert "in use already" in mine.says(shared.made(mine.question)).said


@threads
@postgres
def test_one_credential_at_two_people_at_once_goes_to_one(alice):
    others = [person(f"racer{n}", mobile=f"+1415555020{n}") for n in range(8)]
    shared = Passkey()
    ceremonies = [make(user) for user in others]
    texts = [shared.made(one.question) for one in ceremonies]
    outcomes = at_once(8, lambda n: ceremonies[n].says(texts[n]).outcome)
    assert outcomes.count(Outcome.OK) == 1
    assert outcomes.count(Outcome.WRONG) == 7
    assert PasskeyDevice.objects.filter(credential_id=b64(shared.id)).count() == 1


def test_a_passkey_that_is_there_cannot_be_overwritten(making, alice):
    first = Passkey()
    making.says(first.made(making.question))
    Challenge.objects.update(used_at=None)
    assert not making.says(Passkey().made(making.question)).is_ok
    assert PasskeyDevice.objects.get().credential_id == b64(first.id)


def test_an_answer_makes_no_passkey_and_a_passkey_is_no_answer(making, asked, passkey):
    assert making.says(passkey.answer(making.question)) == "unreadable"
    assert asked.says(passkey.made(asked.question)) == "unreadable"


# --- Over the web --------------------------------------------------------------------------------


@pytest.fixture
def enrolling(signed_in, alice) -> str:
    """The page of a passkey that is being made, after its proof of identity."""
    held = signed_in.post(f"{SLS}add/passkey/")["Location"]
    signed_in.post(held, {"password": PASSWORD})
    proven = signed_in.post(f"{held}answer/", {"code": code_for(alice)})
    return confirm(signed_in, proven["Location"])["Location"]


def question() -> str:
    return Challenge.objects.filter(purpose=Purpose.ENROLMENT).latest("created_at").question


def test_cve_2022_42731_a_registration_is_not_replayed(signed_in, enrolling):
    text = Passkey().made(question())
    assert signed_in.post(f"{enrolling}answer/", {"code": text}).status_code == 302
    signed_in.post(f"{enrolling}answer/", {"code": text})
    signed_in.post(f"{enrolling}answer/", {"code": Passkey().made(question())})
    assert PasskeyDevice.objects.count() == 1
    assert Entry.objects.filter(event=Event.DEVICE_ENROLLED).count() == 1


def test_cve_2026_37982_a_stranger_cannot_go_on_with_a_registration(
    enrolling, alice, bob, sign_in, client
):
    other, again = browser(), browser()
    sign_in(other, bob)
    for tab in (other, again):
        answer = tab.post(f"{enrolling}answer/", {"code": Passkey().made(question())})
        assert answer.status_code in (302, 404)
        assert tab.get(enrolling).status_code in (302, 404)
    assert not PasskeyDevice.objects.filter(confirmed=True).exists()


def test_cve_2026_37982_a_passkey_is_made_after_a_proof_of_identity_only(signed_in, alice):
    answer = signed_in.post(f"{SLS}add/passkey/")
    assert answer["Location"].startswith("/step-up/")
    assert not PasskeyDevice.objects.exists()


@threads
@postgres
def test_a1_fifty_registrations_at_once_make_one_passkey(signed_in, enrolling):
    texts = [Passkey().made(question()) for _ in range(50)]
    at_once(50, lambda n: twin(signed_in).post(f"{enrolling}answer/", {"code": texts[n]}))
    assert PasskeyDevice.objects.filter(confirmed=True).count() == 1
    assert Entry.objects.filter(event=Event.DEVICE_ENROLLED).count() == 1


@threads
@postgres
def test_cve_2026_123521_fifty_wrong_registrations_at_once_are_five(signed_in, enrolling):
    texts = [Passkey(flags=PRESENT).made(question()) for _ in range(50)]
    at_once(50, lambda n: twin(signed_in).post(f"{enrolling}answer/", {"code": texts[n]}))
    assert Challenge.objects.get(purpose=Purpose.ENROLMENT).tries_left == 0
    assert PasskeyDevice.objects.get().failures == 5


def test_keycloak_46164_wrong_answers_end_the_passkey_and_the_sign_in_that_was_open(alice, clock):
    PhoneDevice.objects.update(confirmed=False, revoked_at="2026-01-01T00:00Z", phone=None)
    mine = Passkey()
    enrolled(alice, mine)
    waiting = browser()
    url = begin(waiting)
    right = mine.answer(Challenge.objects.get().question)
    for _ in range(2):
        tab = browser()
        other = begin(tab)
        put = Challenge.objects.latest("created_at").question
        for _ in range(5):
            tab.post(f"{other}answer/", {"code": Passkey(id=mine.id).answer(put)})
    assert PasskeyDevice.objects.get().disabled_at is not None
    page = waiting.post(f"{url}answer/", {"code": right}).content.decode()
    assert "switched off" in page
    assert not Session.objects.exists()
    assert Entry.objects.filter(event=Event.DEVICE_DISABLED).count() == 1


@threads
@postgres
def test_a1_fifty_answers_of_a_passkey_alone_make_one_session(client, alice):
    mine = Passkey(step=0)
    enrolled(alice, mine)
    text = mine.answer(client.post("/login/passkey/question/").json()["challenge"])
    at_once(50, lambda _: twin(client).post("/login/passkey/", {"code": text}))
    assert Session.objects.count() == 1
    assert audit.verify(alice) is None
