"""A9: being somewhere else than one is. Direct, and through a real nginx.

Also of the peer CVEs: 7 (CVE-2024-47070), 8 (CVE-2023-36456) and 10 (CVE-2025-52553).
"""

import secrets

import pytest
from django.conf import settings as portal
from django.test import Client

from accounts.audit.models import Entry
from accounts.ip_restrictions.models import Restriction
from accounts.lockout.models import PasswordFailures
from accounts.origin import Origin, digest
from accounts.sessions import services as sessions
from accounts.sessions.models import End, Session
from accounts.users.models import User
from sls.login.models import Attempt
from tests.accounts.ip_restrictions.lists import restrict
from tests.attacks import raw
from tests.attacks.tools import browser
from tests.cast import begin, code_for
from tests.passkey_authenticator import Passkey, enrolled

pytestmark = pytest.mark.django_db(transaction=True)

LISTED, ELSEWHERE = "127.0.0.5", "127.0.0.66"
NAMES = [
    *("X-Forwarded-For", "x-forwarded-for", "X_Forwarded_For", "Forwarded", "X-Real-IP"),
    *("True-Client-IP", "CF-Connecting-IP", "X-Client-IP", "X-Cluster-Client-IP", "Client-IP"),
    *("X-Forwarded", "Forwarded-For", "X-Originating-IP", "X-Remote-IP", "X-Remote-Addr"),
    *("REMOTE_ADDR", "Remote-Addr", "Via", "X-ProxyUser-Ip", "Fastly-Client-IP"),
]
VALUES = [
    *(LISTED, f"{LISTED}, {LISTED}", f"{LISTED},{ELSEWHERE}", f"{ELSEWHERE}, {LISTED}"),
    *(f"for={LISTED}", f'for="{LISTED}";proto=https;by=127.0.0.1', f"for={LISTED}, for={LISTED}"),
    *(f"::ffff:{LISTED}", f"[::ffff:{LISTED}]:443", f"{LISTED}:443", "64:ff9b::7f00:5"),
    *("2002:7f00:5::", "0x7f.0.0.5", "0177.0.0.5", "2130706437", f"{LISTED}%eth0", "::1"),
    *("a", "unknown", "_hidden", "", ",", f", {LISTED}", f"{LISTED}\t", f"\t{LISTED}"),
    *("\uff11\uff12\uff17.0.0.5", "localhost", "0.0.0.0", "*", f"{LISTED}/32", "' OR 1=1 --"),
    ", ".join([LISTED] * 100),
]


@pytest.fixture(params=["direct", "nginx"])
def port(request, fronts) -> int:
    return getattr(fronts, request.param)


@pytest.fixture
def restricted(alice) -> User:
    """Alice may be at 127.0.0.5 alone."""
    restrict(alice, LISTED)
    return alice


def session_of(user: User) -> tuple[str, str]:
    """A cookie of a session that the user has opened."""
    token = secrets.token_urlsafe(32)
    sessions.open_session(
        user=user,
        token=token,
        origin=Origin(address=LISTED),
        device="sls.phonedevice/1",
        method="sms",
        public_computer=True,
    )
    return "Cookie", f"{portal.SESSION_COOKIE_NAME}={token}"


@pytest.mark.parametrize("name", NAMES)
def test_no_header_brings_anybody_into_the_list(port, restricted, name):
    for value in VALUES:
        headers = [session_of(restricted), (name, value)]
        answer = raw.get(port, "/settings/", headers, source=ELSEWHERE)
        assert answer.status in (400, 403), (name, value, answer.text[:200])
        assert restricted.name not in answer.text
    assert Session.objects.filter(user=restricted, ended_why=End.ADDRESS).exists()


@pytest.mark.parametrize("name", NAMES)
def test_no_header_puts_anybody_out_of_the_list(port, restricted, name):
    """Whoever writes nonsense before the address harms nobody but themselves."""
    headers = [session_of(restricted), (name, "198.51.100.99")]
    assert raw.get(port, "/settings/", headers, source=LISTED).status == 200


@pytest.mark.parametrize("times", [2, 50])
def test_repeated_headers_change_nothing(port, restricted, times):
    cookie = session_of(restricted)
    headers = [cookie, *[("X-Forwarded-For", LISTED)] * times]
    assert raw.get(port, "/settings/", headers, source=ELSEWHERE).status in (400, 403)
    headers = [session_of(restricted), *[("X-Forwarded-For", ELSEWHERE)] * times]
    assert raw.get(port, "/settings/", headers, source=LISTED).status == 200


@pytest.mark.parametrize("path", ["/", "/settings/", "/settings/security/ip/", "/login/", "/help/"])
def test_every_page_and_poll_asks(port, restricted, path):
    for more in ([], [("HX-Request", "true")], [("Accept", "text/event-stream")]):
        headers = [session_of(restricted), *more]
        assert raw.get(port, path, headers, source=ELSEWHERE).status == 403
    upgrade = [session_of(restricted), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")]
    assert raw.get(port, path, upgrade, source=ELSEWHERE).status in (400, 403)


def test_an_unreadable_chain_is_refused_and_written_down(settings, client, alice, sign_in, caplog):
    """authentik, CVE-2024-47070: with "a" in the header the password was skipped."""
    sign_in(client, alice)
    settings.TRUSTED_PROXY_COUNT, settings.TRUSTED_PROXIES = 1, ["127.0.0.1/32"]
    for value in ("a", "", "unknown", "127.0.0.5%1", "127.0.0.5:443", f"{LISTED}, a"):
        caplog.clear()
        assert client.get("/settings/", headers={"X-Forwarded-For": value}).status_code == 400
        assert any("UnreadableOrigin" in record.name for record in caplog.records)
    fields = {"username": "alice", "password": "x"}
    answer = client.post("/login/", fields, headers={"X-Forwarded-For": "a"})
    assert answer.status_code == 400
    assert not PasswordFailures.objects.exists()


def test_an_unreadable_chain_signs_nobody_in(settings, alice):
    tab = browser()
    url = begin(tab)
    settings.TRUSTED_PROXY_COUNT, settings.TRUSTED_PROXIES = 1, ["127.0.0.1/32"]
    headers = {"X-Forwarded-For": "a"}
    answer = tab.post(f"{url}answer/", {"code": code_for(alice)}, headers=headers)
    assert answer.status_code == 400
    assert not Session.objects.exists()


def test_cve_2023_36456_a_header_changes_neither_record_nor_rate(port, restricted):
    """authentik: whoever reached the application itself chose the address in its log."""
    headers = [
        session_of(restricted),
        ("X-Forwarded-For", "198.51.100.99"),
        ("X-Real-IP", "9.9.9.9"),
    ]
    raw.get(port, "/settings/", headers, source=ELSEWHERE)
    entry = Entry.objects.filter(user=restricted, event="session.ended").latest("number")
    assert entry.origin["address"] == ELSEWHERE


def test_cve_2025_52553_a_token_is_of_its_session_and_of_its_place(client, restricted):
    """authentik: a token worked in whatever session it was used."""
    client.defaults |= {"REMOTE_ADDR": LISTED}
    url = begin(client)
    thief = Client(REMOTE_ADDR=LISTED)
    assert thief.post(f"{url}answer/", {"code": code_for(restricted)}).status_code == 404
    mover = Client(REMOTE_ADDR=ELSEWHERE)
    mover.cookies = client.cookies
    answer = mover.post(f"{url}answer/", {"code": code_for(restricted)})
    assert answer["Location"] == "/login/?ended=address"
    assert not Session.objects.exists()


def test_an_ipv6_client_is_no_ipv4_entry_and_back(client, alice, sign_in):
    sign_in(client, alice)
    restrict(alice, "203.0.113.7", "2001:db8::/32")
    token = client.cookies[portal.SESSION_COOKIE_NAME].value
    for address, status in (
        ("203.0.113.7", 200),
        ("::ffff:203.0.113.7", 200),
        ("2001:db8::1", 200),
        ("::203.0.113.7", 403),
        ("64:ff9b::203.0.113.7", 403),
        ("2002:cb00:7107::1", 403),
        ("2001:db9::1", 403),
    ):
        Session.objects.update(ended_at=None, ended_why="")
        client.cookies[portal.SESSION_COOKIE_NAME] = token
        assert client.get("/help/", REMOTE_ADDR=address).status_code == status, address


def test_a_passkey_alone_is_held_against_the_list_too(client, restricted, page_of_passkeys):
    answer = page_of_passkeys(client, restricted)
    assert answer.status_code == 200
    assert "You cannot sign in from where you are." in answer.content.decode()
    assert not Session.objects.exists()


@pytest.fixture
def page_of_passkeys():
    """Signs in by a passkey alone from an address that is not listed; returns what comes back."""

    def run(client: Client, user: User):
        passkey = Passkey()
        enrolled(user, passkey)
        client.defaults |= {"REMOTE_ADDR": ELSEWHERE}
        question = client.post("/login/passkey/question/").json()["challenge"]
        return client.post("/login/passkey/", {"code": passkey.answer(question)})

    return run


@pytest.mark.parametrize(
    "what", ["add/", "try/", "confirm/", "take-back/", "door/off/", "door/on/"]
)
def test_nobody_changes_the_list_of_somebody_else(client, restricted, bob, sign_in, what):
    sign_in(client, bob)
    before = list(Restriction.objects.values_list())
    url = f"/settings/security/ip/{restricted.pk}/{what}"
    assert client.post(url, {"network": "198.51.100.1"}).status_code == 404
    pk = Restriction.objects.get().pk
    for verb in ("drop/", "remove/", "keep/"):
        other = f"/settings/security/ip/{bob.pk}/{pk}/{verb}"
        assert client.post(other).status_code == 404
    assert list(Restriction.objects.values_list()) == before
    assert not User.objects.get(pk=restricted.pk).door_shut_until


def test_the_door_of_one_attempt_is_no_door_of_another(client, restricted):
    """The code of one e-mail opens nothing but the sign-in that asked for it."""
    first, second = Client(REMOTE_ADDR=ELSEWHERE), Client(REMOTE_ADDR="127.0.0.67")
    urls = []
    for tab in (first, second):
        url = begin(tab)
        tab.post(f"{url}door/")
        urls.append(url)
    assert first.post(f"{urls[0]}door/", {"code": "123456"}).status_code == 302
    assert {attempt.door for attempt in Attempt.objects.all()} == {"factor"}
    assert not Session.objects.exists()
    assert digest(urls[0]) != digest(urls[1])
