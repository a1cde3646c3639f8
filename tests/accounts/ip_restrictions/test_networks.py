"""What somebody may type as an entry of a list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.ip_restrictions.networks import Network, Refused, Unfit, parse, place


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("  203.0.113.7 ", "203.0.113.7"),
        ("203.0.113.7/32", "203.0.113.7"),
        ("203.0.113.0/24", "203.0.113.0/24"),
        ("2001:DB8:0::7", "2001:db8::7"),
        ("2001:db8::/32", "2001:db8::/32"),
        ("2001:db8::7/128", "2001:db8::7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.0/120", "203.0.113.0/24"),
    ],
)
def test_keeps_one_spelling(typed, text):
    assert parse(typed, private=False).text == text


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", Unfit.EMPTY),
        ("   ", Unfit.EMPTY),
        ("203.0.113.7/24", Unfit.HOST_BITS),
        ("2001:db8::7/64", Unfit.HOST_BITS),
        ("::ffff:203.0.113.7/120", Unfit.HOST_BITS),
        ("0.0.0.0/0", Unfit.EVERYWHERE),
        ("::/0", Unfit.EVERYWHERE),
        ("203.0.113.7/0", Unfit.EVERYWHERE),
        ("::ffff:0:0/96", Unfit.EVERYWHERE),
        ("10.0.0.1/33", Unfit.PREFIX),
        ("2001:db8::/129", Unfit.PREFIX),
        ("203.0.113.0/", Unfit.PREFIX),
        ("203.0.113.0/-1", Unfit.PREFIX),
        ("203.0.113.0/24/8", Unfit.PREFIX),
        ("203.0.113.0/255.255.255.0", Unfit.PREFIX),
        ("203.0.113.0/ 24", Unfit.PREFIX),
        ("fe80::1%eth0", Unfit.ZONE),
        ("fe80::/10%1", Unfit.ZONE),
        ("64:ff9b::203.0.113.7", Unfit.NAT64),
        ("64:ff9b::/96", Unfit.NAT64),
        ("64::/16", Unfit.NAT64),
        ("64:ff9b:1::7", Unfit.NAT64),
        ("2002:cb00:7107::1", Unfit.SIX_TO_FOUR),
        ("2002::/16", Unfit.SIX_TO_FOUR),
        ("203.0.113.*", Unfit.WILDCARD),
        ("*", Unfit.WILDCARD),
        ("\uff12\uff10\uff13.0.113.7", Unfit.NOT_PLAIN),
        ("\u0662\u0660\u0663.0.113.7", Unfit.NOT_PLAIN),
        ("203\u30020\u3002113\u30027", Unfit.NOT_PLAIN),
        ("b\u00fccher.example", Unfit.NOT_PLAIN),
        ("home.example.com", Unfit.NOT_AN_ADDRESS),
        ("010.0.0.1", Unfit.NOT_AN_ADDRESS),
        ("0x0a.0.0.1", Unfit.NOT_AN_ADDRESS),
        ("3405803783", Unfit.NOT_AN_ADDRESS),
        ("203.0.113", Unfit.NOT_AN_ADDRESS),
        ("203.0.113.7:443", Unfit.NOT_AN_ADDRESS),
        ("[2001:db8::7]", Unfit.NOT_AN_ADDRESS),
        ("203.0.113.1-203.0.113.9", Unfit.NOT_AN_ADDRESS),
        ("203.0.113.7, 203.0.113.8", Unfit.NOT_AN_ADDRESS),
        ("1" * 5000, Unfit.NOT_AN_ADDRESS),
        ("0.0.0.0/1", Unfit.WIDE),
        ("128.0.0.0/1", Unfit.WIDE),
        ("2000::/3", Unfit.WIDE),
        ("::/1", Unfit.WIDE),
        ("224.0.0.1", Unfit.NOBODY),
        ("255.255.255.255", Unfit.NOBODY),
        ("0.0.0.0", Unfit.NOBODY),
        ("ff02::1", Unfit.NOBODY),
        ("::", Unfit.NOBODY),
        ("192.168.1.7", Unfit.PRIVATE),
        ("10.0.0.0/8", Unfit.PRIVATE),
        ("100.64.0.1", Unfit.PRIVATE),
        ("127.0.0.1", Unfit.PRIVATE),
        ("169.254.1.1", Unfit.PRIVATE),
        ("fd00::1", Unfit.PRIVATE),
        ("fe80::1", Unfit.PRIVATE),
        ("::1", Unfit.PRIVATE),
    ],
)
def test_refuses_what_is_no_entry(typed, why):
    refused = parse(typed, private=False)
    assert isinstance(refused, Refused)
    assert refused.why is why


def test_names_the_network_that_was_meant():
    assert parse("203.0.113.7/24", private=False).meant == "203.0.113.0/24"


@pytest.mark.parametrize("typed", ["192.168.1.0/24", "127.0.0.1", "fd00::1"])
def test_takes_private_networks_from_somebody_who_is_in_one(typed):
    assert isinstance(parse(typed, private=True), Network)


@given(st.text(max_size=80))
def test_never_falls_over(typed):
    assert isinstance(parse(typed, private=False), Network | Refused)


@given(st.ip_addresses(), st.integers(0, 128))
def test_never_takes_a_network_that_the_address_is_not_in(address, prefix):
    found = parse(f"{address}/{prefix}", private=True)
    if isinstance(found, Network):
        assert found.first <= place(str(address)) <= found.last
        assert found.last - found.first < 2**112
