"""A8: making the portal believe that it lives elsewhere, or lead elsewhere."""

from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.outbox.models import Message
from accounts.sessions.models import Session
from sls.step_up.models import Pending
from tests.attacks.tools import browser
from tests.cast import PASSWORD, begin, code_for, post_password

EVIL = "evil.example"
HOSTS = [
    EVIL,
    f"localhost:8000@{EVIL}",
    f"localhost.{EVIL}",
    f"{EVIL}:8000",
    f"localhost, {EVIL}",
    f"localhost\t{EVIL}",
    "localhost:port",
    "[::1",
    "",
]
FORWARDED = {
    "X-Forwarded-Host": EVIL,
    "X-Forwarded-Server": EVIL,
    "X-Host": EVIL,
    "X-Original-Host": EVIL,
    "X-Forwarded-Port": "444",
    "Forwarded": f"host={EVIL};proto=https",
    "X-Original-URL": f"https://{EVIL}/",
    "X-Rewrite-URL": f"https://{EVIL}/",
    "Referer": f"https://{EVIL}/login/",
}
ELSEWHERE = [
    f"https://{EVIL}/",
    f"//{EVIL}",
    f"///{EVIL}",
    f"////{EVIL}",
    f"/\\{EVIL}",
    f"\\/{EVIL}",
    f"\\\\{EVIL}",
    f"/\t/{EVIL}",
    f"/\n/{EVIL}",
    f"\t//{EVIL}",
    f" //{EVIL}",
    f"https:{EVIL}",
    f"https:/{EVIL}",
    f"/%2f%2f{EVIL}/../..//{EVIL}",
    "javascript:alert(1)",
    "data:text/html,x",
    f"http://localhost@{EVIL}/",
    f"/..//{EVIL}",
    f"\u3000//{EVIL}",
    f"／／{EVIL}",
]


def host_of(target: str) -> str:
    """Where a browser goes: it drops tabs and line breaks, and takes a backslash for a slash."""
    seen = target.strip().translate({9: None, 10: None, 13: None, ord("\\"): "/"})
    return urlsplit(urljoin("https://portal.example/login/", seen)).netloc


@pytest.mark.parametrize("host", HOSTS)
def test_a_foreign_host_is_refused_before_anything_is_done(alice, host):
    tab = browser()
    fields = {"username": "alice", "password": PASSWORD}
    response = tab.post("/login/", fields, HTTP_HOST=host)
    assert response.status_code == 400
    assert EVIL not in response.content.decode()
    assert not Message.objects.exists()


@pytest.mark.parametrize("header", list(FORWARDED))
def test_ghsa_2wmj_46rj_qm2w_no_header_reaches_what_is_sent_or_shown(alice, clock, header):
    tab = browser(**{header: FORWARDED[header]})
    response = post_password(tab)
    assert response["Location"].startswith("/login/")
    page = tab.get(response["Location"])
    answer = tab.post(f"{response['Location']}answer/", {"code": code_for(alice)})
    assert answer["Location"] == "/"
    for shown in (page, answer, tab.get("/")):
        assert EVIL not in shown.content.decode() + str(shown.headers)
    texts = [str(message.content()) for message in Message.objects.all()]
    assert texts
    assert not [text for text in texts if EVIL in text]
    assert settings.PUBLIC_HOST in texts[0]


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
@pytest.mark.parametrize("place", ["field", "query"])
def test_a_sign_in_ends_on_a_page_of_ours(client, alice, elsewhere, place):
    if place == "field":
        url = post_password(client, next=elsewhere)["Location"]
    else:
        fields = {"username": "alice", "password": PASSWORD}
        url = client.post("/login/", fields, query_params={"next": elsewhere})["Location"]
    target = client.post(f"{url}answer/", {"code": code_for(alice)})["Location"]
    assert host_of(target) == "portal.example"


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_who_is_signed_in_already_is_not_led_elsewhere(client, alice, sign_in, elsewhere):
    sign_in(client, alice)
    target = client.get("/login/", query_params={"next": elsewhere})["Location"]
    assert host_of(target) == "portal.example"


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_choosing_a_language_leads_nowhere_else(db, elsewhere):
    fields = {"language": "ja", "next": elsewhere}
    response = browser().post(reverse("set_language"), fields)
    assert response.status_code == 302
    assert host_of(response["Location"]) == "portal.example"


def test_a_held_request_is_posted_to_its_own_path(signed_in, alice, ask_to_add):
    response = signed_in.post(
        "/settings/communication/phones/", {"number": "+14155550177"}, HTTP_X_ORIGINAL_URL=EVIL
    )
    assert response["Location"].startswith("/step-up/")
    assert Pending.objects.get().path == "/settings/communication/phones/"


def test_messages_hold_no_address_to_follow(client, alice, bob, clock):
    """FSA rule: nothing leads from a message to a page that asks for a password."""
    url = begin(client)
    client.post(f"{url}answer/", {"code": code_for(alice)})
    assert Session.objects.exists()
    for message in Message.objects.all():
        text = str(message.content())
        assert "http://" not in text
        assert "https://" not in text
        assert "<a " not in text
