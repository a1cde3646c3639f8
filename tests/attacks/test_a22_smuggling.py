"""A22: one request that two servers read as two, and private pages that a cache keeps."""

import pytest
from django.conf import settings as portal

from tests.attacks import raw

pytestmark = pytest.mark.django_db(transaction=True)


SECOND = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
CHUNKED = f"0\r\n\r\n{SECOND}"


def post(*headers: str, body: str = CHUNKED) -> bytes:
    lines = ["POST /login/ HTTP/1.1", "Host: localhost", *headers, "", body]
    return "\r\n".join(lines).encode("latin-1")


LENGTH = len(CHUNKED)


def test_two_requests_get_two_answers(fronts):
    """What the tests below would see if a second request came through."""
    for port in fronts:
        answer = raw.send(port, SECOND.encode() * 2)
        assert answer.statuses == [200, 200]


SMUGGLED = {
    "CL.TE": post(f"Content-Length: {LENGTH}", "Transfer-Encoding: chunked"),
    "TE.CL": post("Transfer-Encoding: chunked", "Content-Length: 4"),
    "TE.TE": post("Transfer-Encoding: chunked", "Transfer-Encoding: identity", "Content-Length: 4"),
    "TE spelt oddly": post(f"Content-Length: {LENGTH}", "Transfer-Encoding: xchunked"),
    "TE with a tab": post(f"Content-Length: {LENGTH}", "Transfer-Encoding:\tchunked"),
    "TE before its colon": post(f"Content-Length: {LENGTH}", "Transfer-Encoding : chunked"),
    "two lengths": post("Content-Length: 0", f"Content-Length: {LENGTH}"),
    "two lengths in one": post(f"Content-Length: 0, {LENGTH}"),
    "a signed length": post(f"Content-Length: +{LENGTH}"),
    "folded": post("Content-Length: 5", "X-Folded: a", " Transfer-Encoding: chunked"),
    "a bare newline": post("Content-Length: 5\nTransfer-Encoding: chunked"),
    "a bare return": post("Content-Length: 5\rTransfer-Encoding: chunked"),
}


@pytest.mark.parametrize("how", SMUGGLED)
def test_a_request_that_can_be_read_in_two_ways_gets_nowhere(fronts, how):
    """nginx refuses it, so that the portal behind never has to guess."""
    answer = raw.send(fronts.nginx, SMUGGLED[how])
    assert answer.statuses in ([], [400], [403], [501]), answer.text[:300]
    # Of the second request in its body nobody is told anything.
    assert '"ok"' not in answer.text
    assert len(answer.statuses) < 2


@pytest.mark.parametrize("how", SMUGGLED)
def test_the_portal_itself_reads_it_in_one_way(fronts, how):
    """Alone, it answers with a refusal; what it might take for a second request is one that its
    sender could have sent as well."""
    answer = raw.send(fronts.direct, SMUGGLED[how])
    assert not answer.statuses or answer.status in (400, 403, 413, 501), answer.text[:300]


@pytest.mark.parametrize(
    "path",
    [
        *("/settings/x.css", "/settings/security/x.js", "/settings/;x.css", "/settings/%2fx.css"),
        *("/settings/x.css?v=1", "/settings/..%2fstatic/css/main.css", "/activity/x.png"),
        *("/settings/security/ip/x.css", "//settings/x.css", "/settings/%00.css"),
    ],
)
def test_a_private_page_hides_behind_no_name_of_a_file(fronts, client, alice, sign_in, path):
    sign_in(client, alice)
    cookie = f"{portal.SESSION_COOKIE_NAME}={client.cookies[portal.SESSION_COOKIE_NAME].value}"
    mine = raw.get(fronts.nginx, path, [("Cookie", cookie)])
    assert mine.status in (301, 302, 400, 404), mine.text[:300]
    assert alice.name not in mine.text
    anybody = raw.get(fronts.nginx, path)
    assert anybody.header("X-Kept") in ("", "MISS", "BYPASS")
    assert alice.name not in anybody.text


@pytest.mark.parametrize("path", ["/", "/settings/", "/activity/", "/settings/security/ip/"])
def test_a_private_page_is_kept_by_nobody(fronts, client, alice, sign_in, path):
    sign_in(client, alice)
    cookie = f"{portal.SESSION_COOKIE_NAME}={client.cookies[portal.SESSION_COOKIE_NAME].value}"
    for _ in range(2):
        mine = raw.get(fronts.nginx, path, [("Cookie", cookie)])
        assert mine.status == 200
        assert alice.name in mine.text
        assert "no-store" in mine.header("Cache-Control")
        assert mine.header("X-Kept") == "MISS"
    anybody = raw.get(fronts.nginx, path)
    assert anybody.status == 302
    assert alice.name not in anybody.text


@pytest.mark.parametrize("host", ["evil.example", "localhost:1@evil.example", "localhost, evil"])
def test_another_host_poisons_no_page(fronts, host):
    for path in ("/login/", "/help/"):
        line = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        assert raw.send(fronts.nginx, line.encode()).status == 400
        page = raw.get(fronts.nginx, path)
        assert "evil" not in page.text
        assert page.header("X-Kept") in ("", "MISS")
