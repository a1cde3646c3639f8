import pytest
from django.test import RequestFactory

from accounts import origin
from accounts.origin import UnreadableOrigin


def address(settings, *, peer="10.0.0.1", forwarded=None, count=1):
    settings.TRUSTED_PROXY_COUNT, settings.TRUSTED_PROXIES = count, ["10.0.0.0/8"]
    meta = {"REMOTE_ADDR": peer}
    if forwarded is not None:
        meta["HTTP_X_FORWARDED_FOR"] = forwarded
    return origin.client_address(meta)


def test_takes_the_peer_when_no_proxy_is_trusted(settings):
    assert address(settings, peer="203.0.113.7", forwarded="1.2.3.4", count=0) == "203.0.113.7"


def test_ignores_the_header_of_a_peer_that_is_no_proxy(settings):
    assert address(settings, peer="203.0.113.7", forwarded="1.2.3.4") == "203.0.113.7"


@pytest.mark.parametrize(
    ("forwarded", "count", "expected"),
    [
        ("198.51.100.9", 1, "198.51.100.9"),
        ("1.2.3.4, 198.51.100.9", 1, "198.51.100.9"),  # the client wrote 1.2.3.4 itself
        ("9.9.9.9, 198.51.100.9, 10.0.0.2", 2, "198.51.100.9"),
        ("2001:DB8::1", 1, "2001:db8::1"),
        ("::ffff:198.51.100.9", 1, "198.51.100.9"),
    ],
)
def test_counts_from_the_right(settings, forwarded, count, expected):
    assert address(settings, forwarded=forwarded, count=count) == expected


@pytest.mark.parametrize(
    "forwarded",
    [None, "", "a", "198.51.100.9, a", "198.51.100.9:443", "fe80::1%eth0", "unknown",
     "198.51.100.9,", "１.2.3.4", "198.51.100.9\x00"],
)  # fmt: skip
def test_cve_2024_47070_refuses_what_it_cannot_read(settings, forwarded):
    with pytest.raises(UnreadableOrigin):
        address(settings, forwarded=forwarded)


def test_refuses_a_chain_shorter_than_the_proxies(settings):
    with pytest.raises(UnreadableOrigin):
        address(settings, forwarded="198.51.100.9", count=2)


@pytest.mark.parametrize(
    ("cookie", "series", "token"),
    [("one.two", "one", "two"), ("one", "one", ""), ("one.two.three", "one", "two.three")],
)
def test_keeps_of_the_device_cookie_only_digests(settings, cookie, series, token):
    request = RequestFactory().get("/")
    request.COOKIES[settings.DEVICE_COOKIE_NAME] = cookie
    read = origin.read(request)
    assert read.device == origin.digest(series) != series
    assert read.device_token == (origin.digest(token) if token else "")


@pytest.mark.parametrize("cookie", ["", ".", ".token"])
def test_knows_no_device_without_a_series(settings, cookie):
    request = RequestFactory().get("/")
    request.COOKIES[settings.DEVICE_COOKIE_NAME] = cookie
    assert origin.read(request).device == ""


def test_groups_ipv6_by_the_network_of_one_subscriber():
    assert origin.Origin(address="2001:db8:1:2:3::4").network == "2001:db8:1:2::"
    assert origin.Origin(address="203.0.113.7").network == "203.0.113.7"
