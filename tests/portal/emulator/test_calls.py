"""A call from the order to the last word, as the person with the handset has it."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from tests.emulator_process import until

SENDER = "+15005550006"
ALICE = "+14155550101"
PROMPT = "Press 1 to hear your code."
CODE = "4, 9, 3, 8, 1, 7"
READ = f"<Response><Say>{CODE}</Say><Pause length='2'/><Say>{CODE}</Say></Response>"


@pytest.fixture
def call(twilio):
    def make(twiml="", **fields):
        fields = {"twiml": twiml} | fields if twiml else fields
        return twilio.calls.create(to=ALICE, from_=SENDER, **fields).sid

    return make


@pytest.fixture
def answered(call, phone):
    def make(twiml="", **fields):
        sid = call(twiml, **fields)
        phone.wait_for_call("ringing")
        assert phone.act(sid, "answer") == 204
        return sid

    return make


def gather(customer, **attributes) -> str:
    wanted = {"numDigits": "1", "timeout": "5"} | attributes
    written = " ".join(f'{name}="{value}"' for name, value in wanted.items())
    url = f"{customer.base_url}/voice/7/"
    return (
        f'<Response><Gather input="dtmf" {written} action="{url}"><Say>{PROMPT}</Say></Gather>'
        "<Say>No key.</Say><Hangup/></Response>"
    )


def test_reads_the_code_after_a_key(answered, phone, customer):
    customer.pages["/voice/7/"] = READ
    sid = answered(gather(customer, timeout="60"))
    assert phone.wait_for_speech(PROMPT)["spoken"] == [PROMPT]
    assert phone.act(sid, "press", digits="1") == 204
    done = phone.wait_for_call("completed")
    assert done["spoken"] == [PROMPT, CODE, CODE]
    assert done["pressed"] == "1"


def test_posts_the_digits_signed_to_the_action(answered, phone, customer):
    customer.pages["/voice/7/"] = "<Response><Hangup/></Response>"
    sid = answered(gather(customer, numDigits="3", timeout="60"))
    phone.act(sid, "press", digits="42")
    phone.act(sid, "press", digits="0")
    hit = until(lambda: customer.at("/voice/7/"))[0]
    assert hit.form["Digits"] == "420"
    assert hit.form["CallSid"] == sid
    assert hit.form["CallStatus"] == "in-progress"
    token = RequestValidator("emulator_auth_token")
    assert token.validate(hit.url, hit.form, hit.headers["X-Twilio-Signature"])


def test_reads_nothing_without_a_key(answered, phone, customer):
    answered(gather(customer))
    assert phone.wait_for_call("completed")["spoken"] == [PROMPT, "No key."]
    assert not customer.heard


def test_the_finishing_key_is_not_a_digit(answered, phone, customer):
    sid = answered(gather(customer, numDigits="9", timeout="60"))
    phone.act(sid, "press", digits="12#3")
    hit = until(lambda: customer.at("/voice/7/"))[0]
    assert (hit.form["Digits"], hit.form["FinishedOnKey"]) == ("12", "#")


def test_asks_the_url_when_the_call_is_answered(answered, phone, customer):
    customer.pages["/twiml/"] = "<Response><Redirect>more/</Redirect></Response>"
    customer.pages["/twiml/more/"] = "<Response><Say>More</Say></Response>"
    answered(url=f"{customer.base_url}/twiml/")
    assert phone.wait_for_call("completed")["spoken"] == ["More"]


@pytest.mark.parametrize(
    "twiml",
    [
        "no xml",
        "<Response><Dial>1</Dial></Response>",
        "<Response><Gather numDigits='1'/><Redirect>relative</Redirect></Response>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]><Response><Say>&a;</Say></Response>",
        "<Response><Redirect>http://localhost:1/</Redirect></Response>",
    ],
)
def test_a_failing_application_ends_the_call(answered, phone, twiml):
    answered(twiml)
    done = phone.wait_for_call("completed")
    assert done["spoken"] == []
    assert done["trouble"]


def test_an_error_page_of_the_application_ends_the_call(answered, phone, customer):
    customer.status = 500
    answered(url=f"{customer.base_url}/twiml/")
    assert "500" in phone.wait_for_call("completed")["trouble"]


def test_rings_out_after_its_timeout(call, phone, twilio):
    sid = call(READ, timeout=2)
    phone.wait_for_call("no-answer")
    done = twilio.calls(sid).fetch()
    assert (done.status, done.duration, done.start_time) == ("no-answer", "0", None)
    assert done.end_time


def test_is_busy_when_declined(call, phone):
    sid = call(READ)
    phone.wait_for_call("ringing")
    assert phone.act(sid, "decline") == 204
    assert phone.calls()[0]["status"] == "busy"


def test_fails_when_the_handset_is_not_reachable(call, phone):
    phone.be(reachable=False)
    call(READ)
    phone.wait_for_call("failed")


def test_voicemail_answers_and_presses_nothing(call, phone, customer):
    phone.be(voicemail=True)
    call(gather(customer))
    done = phone.wait_for_call("completed")
    assert (done["spoken"], done["pressed"]) == ([PROMPT, "No key."], "")


def test_the_person_can_hang_up(answered, phone):
    sid = answered("<Response><Say loop='0'>Again</Say></Response>")
    phone.wait_for_speech("Again")
    assert phone.act(sid, "hangup") == 204
    assert phone.calls()[0]["status"] == "completed"


def test_the_customer_can_cancel_and_complete(call, answered, phone, twilio):
    sid = call(READ)
    phone.wait_for_call("ringing")
    assert twilio.calls(sid).update(status="canceled").status == "canceled"
    sid = answered("<Response><Pause length='600'/></Response>")
    assert twilio.calls(sid).update(status="canceled").status == "in-progress"
    assert twilio.calls(sid).update(status="completed").status == "completed"
    with pytest.raises(TwilioRestException) as raised:
        twilio.calls(sid).update(status="completed")
    assert raised.value.code == 21220


def test_the_customer_can_say_something_else(answered, phone, twilio):
    sid = answered("<Response><Pause length='600'/></Response>")
    twilio.calls(sid).update(twiml="<Response><Say>New</Say></Response>")
    assert phone.wait_for_call("completed")["spoken"] == ["New"]


def test_ends_at_its_time_limit(answered, phone):
    answered("<Response><Pause length='600'/></Response>", time_limit=2)
    phone.wait_for_call("completed")


def test_acts_in_a_wrong_state_are_409(call, phone):
    sid = call(READ)
    phone.wait_for_call("ringing")
    assert phone.act(sid, "press", digits="1") == phone.act(sid, "hangup") == 409
    phone.act(sid, "decline")
    assert phone.act(sid, "answer") == phone.act(sid, "decline") == 409


def test_unknown_calls_are_404_and_odd_keys_400(call, phone, http, emulator):
    sid = call(READ)
    assert phone.act("CA" + "0" * 32, "answer") == 404
    other = f"{emulator.base_url}/phone/+14155550102/calls/{sid}/answer"
    assert http.post(other).status_code == 404
    for digits in ("", "x", "1 2", "1" * 33):
        assert phone.act(sid, "press", digits=digits) == 400
    assert http.get(f"{phone.url}calls/{sid}/answer").status_code == 405
