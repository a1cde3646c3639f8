"""A8: making the portal believe that it lives elsewhere, or lead elsewhere."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve, reverse

from accounts.audit.models import Entry
from accounts.contacts.models import Change, EmailAddress
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from sls.recovery.models import Delay
from sls.step_up.models import Pending
from tests.attacks import raw
from tests.attacks.tools import EMAILS, browser
from tests.cast import PASSWORD, begin, code_for, post_password
from tests.recovering import waiting

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


AMBIGUOUS = {
    "an address in the first line": [f"GET http://{EVIL}/login/ HTTP/1.1", "Host: localhost"],
    "the same the other way": ["GET http://localhost/login/ HTTP/1.1", f"Host: {EVIL}"],
    "two hosts": ["GET /login/ HTTP/1.1", "Host: localhost", f"Host: {EVIL}"],
    "two hosts, the false one first": ["GET /login/ HTTP/1.1", f"Host: {EVIL}", "Host: localhost"],
    "no host": ["GET /login/ HTTP/1.1", f"X-Forwarded-Host: {EVIL}"],
    "a folded host": ["GET /login/ HTTP/1.1", "Host: localhost", f" {EVIL}"],
    "a host of the proxy": ["GET /login/ HTTP/1.1", "Host: localhost", f"X-Forwarded-Host: {EVIL}"],
}


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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("front", ["direct", "nginx"])
@pytest.mark.parametrize("how", AMBIGUOUS)
def test_a_host_that_can_be_read_in_two_ways_is_shown_nowhere(fronts, how, front):
    lines = [*AMBIGUOUS[how], "Connection: close", "", ""]
    answer = raw.send(getattr(fronts, front), "\r\n".join(lines).encode())
    assert answer.status in (200, 400), answer.text[:300]
    assert EVIL not in answer.text


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


@pytest.fixture
def linked(bob, sign_in, clock):
    """Has every mail with a link sent by requests of ``tab``; returns the links."""

    def send(tab: Client) -> list[str]:
        waiting(tab, bob)
        sign_in(tab, bob)
        clock.shift(61)
        added = {"email": "new@example.com"}
        url = tab.post(EMAILS, added)["Location"]
        tab.post(url, {"password": PASSWORD})
        tab.post(f"{url}answer/", {"code": code_for(bob)})
        tab.post(EMAILS, added)
        verify = f"{EMAILS}{EmailAddress.objects.get(address='new@example.com').pk}/verify/"
        tab.post(verify, {"delivery": "email"})
        tab.post(verify, {"code": code_for(bob)})
        mails = Message.objects.filter(channel="email")
        return [link for mail in mails for link in re.findall(r"https?://\S+", str(mail.content()))]

    return send


@pytest.mark.parametrize("header", list(FORWARDED))
def test_ghsa_2wmj_46rj_qm2w_no_header_reaches_a_link_in_a_mail(linked, header):
    """Zitadel: the link of a reset led to whatever host the request named."""
    links = linked(browser(**{header: FORWARDED[header]}))
    assert {kind for kind in ("/undo/", "/recover/cancel/") for link in links if kind in link} == {
        "/undo/",
        "/recover/cancel/",
    }
    assert not [link for link in links if not link.startswith(f"{settings.PUBLIC_BASE_URL}/")]


def written() -> list[list]:
    """What stands in the tables that a link is about, and in the record."""
    return [list(table.objects.order_by("pk").values()) for table in (Delay, Change, Entry)]


def test_a_link_in_a_mail_only_takes_rights_away(linked):
    """It needs no password and asks for none, and opening it changes nothing."""
    links, before = linked(browser()), written()
    for link in links:
        path = re.match(r"[^\s\"'<>\\]+", link.removeprefix(settings.PUBLIC_BASE_URL))[0]
        page = browser().get(path)
        assert page.status_code == 200, path
        assert resolve(path).url_name in {"contact_undo", "recover_cancel", "freeze_link"}
        assert 'type="password"' not in page.content.decode()
    assert written() == before


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


def test_messages_lead_nowhere_but_to_the_page_that_freezes(client, alice, bob, clock):
    """FSA rule: nothing leads from a message to a page that asks for a password."""
    url = begin(client)
    client.post(f"{url}answer/", {"code": code_for(alice)})
    assert Session.objects.exists()
    for message in Message.objects.all():
        links = re.findall(r"https?://[^\s\"'<>\\]+", str(message.content()))
        paths = [link.removeprefix(settings.PUBLIC_BASE_URL) for link in links]
        assert {resolve(path).url_name for path in paths} <= {"freeze_link"}
