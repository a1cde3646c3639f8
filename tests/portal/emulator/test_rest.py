"""Twilio's REST API as the official client and a plain one see it."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from portal.emulator.formats import segments
from tests.emulator_process import until

SENDER = "+15005550006"
ALICE = "+14155550101"
BOB = "+14155550102"
ACCOUNT = "AC00000000000000000000000000000001"
AUTH = (ACCOUNT, "emulator_auth_token")
MESSAGE_KEYS = {
    *("account_sid", "api_version", "body", "date_created", "date_sent", "date_updated"),
    *("direction", "error_code", "error_message", "from", "messaging_service_sid", "num_media"),
    *("num_segments", "price", "price_unit", "sid", "status", "subresource_uris", "to", "uri"),
}
CALL_KEYS = {
    *("account_sid", "answered_by", "api_version", "caller_name", "date_created"),
    *("date_updated", "direction", "duration", "end_time", "forwarded_from", "from"),
    *("from_formatted", "group_sid", "parent_call_sid", "phone_number_sid", "price"),
    *("price_unit", "queue_time", "sid", "start_time", "status", "subresource_uris", "to"),
    *("to_formatted", "trunk_sid", "uri"),
}


@pytest.fixture
def api(emulator) -> str:
    return f"{emulator.base_url}/2010-04-01/Accounts/{ACCOUNT}"


def send(twilio, to=ALICE, body="Hello"):
    return twilio.messages.create(to=to, from_=SENDER, body=body)


def test_a_created_message_has_every_key(http, api):
    form = {"To": ALICE, "From": SENDER, "Body": "Hello"}
    answer = http.post(f"{api}/Messages.json", data=form, auth=AUTH)
    assert answer.status_code == 201
    message = answer.json()
    assert message.keys() == MESSAGE_KEYS
    assert message["num_segments"] == "1"
    assert message["date_sent"] is None
    assert message["uri"] == f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{message['sid']}.json"


def test_a_created_call_has_every_key(http, api):
    form = {"To": ALICE, "From": SENDER, "Twiml": "<Response/>"}
    answer = http.post(f"{api}/Calls.json", data=form, auth=AUTH)
    assert answer.status_code == 201
    assert answer.json().keys() == CALL_KEYS
    assert answer.json()["to_formatted"] == "(415) 555-0101"


def test_dates_are_read_by_the_client(twilio):
    message = send(twilio)
    assert datetime.now(UTC) - message.date_created < timedelta(seconds=5)
    assert twilio.messages(message.sid).fetch().date_updated.tzinfo


def test_an_api_key_works_for_its_account(connect, twilio):
    key = connect("SK00000000000000000000000000000001", "emulator_api_secret", ACCOUNT)
    sid = send(key).sid
    assert twilio.messages(sid).fetch().body == "Hello"


@pytest.mark.parametrize("auth", [None, ("x", "y"), (ACCOUNT, "wrong"), (ACCOUNT, "")])
def test_wrong_credentials_are_refused(http, api, auth):
    answer = http.get(f"{api}/Messages.json", auth=auth)
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize(
    "path", ["Messages/SM0.json", "Calls/CA0.json", "Nothing.json", "Lookups/v2", ""]
)
def test_what_is_not_there_is_20404_in_the_envelope(http, api, path):
    answer = http.get(f"{api}/{path}".rstrip("/"), auth=AUTH)
    assert answer.status_code == 404
    assert answer.json().keys() == {"code", "message", "more_info", "status"}
    assert answer.json()["code"] == 20404


def test_a_foreign_account_is_not_found(http, api):
    answer = http.get(f"{api[:-1]}9/Messages.json", auth=AUTH)
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)


def test_json_bodies_are_not_read(http, api):
    answer = http.post(f"{api}/Messages.json", json={"To": ALICE}, auth=AUTH)
    assert (answer.status_code, answer.json()["code"]) == (400, 21604)


def test_pages_follow_each_other_by_relative_addresses(http, api, twilio):
    sids = [send(twilio, body=str(number)).sid for number in range(5)][::-1]
    page = http.get(f"{api}/Messages.json?PageSize=2", auth=AUTH).json()
    assert [row["sid"] for row in page["messages"]] == sids[:2]
    assert page["next_page_uri"].startswith("/2010-04-01/")
    assert (page["page"], page["start"], page["end"], page["page_size"]) == (0, 0, 1, 2)
    assert page["previous_page_uri"] is None
    assert [message.sid for message in twilio.messages.list(page_size=2)] == sids


def test_a_new_message_does_not_shift_the_next_page(http, api, twilio, emulator):
    sids = [send(twilio).sid for _ in range(4)][::-1]
    page = http.get(f"{api}/Messages.json?PageSize=2", auth=AUTH).json()
    send(twilio)
    following = http.get(emulator.base_url + page["next_page_uri"], auth=AUTH).json()
    assert [row["sid"] for row in following["messages"]] == sids[2:]
    back = http.get(emulator.base_url + following["previous_page_uri"], auth=AUTH).json()
    assert sids[:2] == [row["sid"] for row in back["messages"]][-2:]


def test_a_list_is_filtered_by_number(twilio):
    wanted = send(twilio, to=BOB).sid
    send(twilio)
    assert [row.sid for row in twilio.messages.list(to=BOB, from_=SENDER)] == [wanted]


def test_a_list_is_filtered_by_date(twilio, phone):
    sid = send(twilio).sid
    until(lambda: twilio.messages(sid).fetch().status == "delivered")
    today = datetime.now(UTC).date()
    assert [row.sid for row in twilio.messages.list(date_sent=today)] == [sid]
    assert not twilio.messages.list(date_sent_before=today - timedelta(days=1))
    assert twilio.messages.list(date_sent_after=today)


def test_a_body_can_be_redacted_and_a_message_deleted(twilio, phone):
    sid = send(twilio).sid
    until(lambda: twilio.messages(sid).fetch().status == "delivered")
    assert twilio.messages(sid).update(body="").body == ""
    assert twilio.messages(sid).delete()
    with pytest.raises(TwilioRestException) as raised:
        twilio.messages(sid).fetch()
    assert raised.value.code == 20404


def test_a_message_on_its_way_cannot_be_deleted_or_canceled(twilio, phone):
    phone.be(delay_ms=60_000)
    sid = send(twilio).sid
    with pytest.raises(TwilioRestException) as raised:
        twilio.messages(sid).delete()
    assert raised.value.code == 20009
    with pytest.raises(TwilioRestException) as raised:
        twilio.messages(sid).update(status="canceled")
    assert raised.value.code == 30409


def test_the_sender_is_the_only_from(twilio):
    for create, code in ((twilio.messages.create, 21606), (twilio.calls.create, 21210)):
        with pytest.raises(TwilioRestException) as raised:
            create(to=ALICE, from_="+14155550199", **_content(create))
        assert raised.value.code == code


def _content(create) -> dict[str, str]:
    return {"twiml" if "Call" in create.__qualname__ else "body": "<Response/>"}


def test_a_messaging_service_starts_as_accepted(twilio):
    message = twilio.messages.create(to=ALICE, messaging_service_sid="MG" + "a" * 32, body="Hello")
    assert (message.status, message.from_, message.num_segments) == ("accepted", None, "0")
    done = until(lambda: (m := twilio.messages(message.sid).fetch()).status == "delivered" and m)
    assert (done.from_, done.num_segments) == (SENDER, "1")


def test_only_this_machine_and_its_own_pages_may_post(http, emulator):
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert http.post(f"{emulator.base_url}/control/reset", headers=headers).status_code == 403
    host = {"Host": "emulator.example.com"}
    assert http.get(f"{emulator.base_url}/phone/", headers=host).status_code == 400


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("あ" * 70, 1),
        ("あ" * 71, 2),
        ("🦊" * 35, 1),
        ("🦊" * 36, 2),
    ],
)
def test_segments_are_counted_in_septets_or_utf16(text, number):
    assert segments(text) == number


def test_a_client_may_keep_its_connection(http, api):
    assert isinstance(http, requests.Session)
    for _ in range(3):
        answer = http.get(f"{api}/Messages.json", auth=AUTH)
        assert answer.headers.get("Connection", "keep-alive") == "keep-alive"
