"""Whom a list lets in."""

import ipaddress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.ip_restrictions import networks, rules
from accounts.ip_restrictions.rules import (
    Decision,
    Entry,
    State,
    compiled,
    decide,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SOON = NOW + timedelta(minutes=10)


def network(typed: str, platform: str = "all", **more: object) -> Entry:
    found = networks.parse(typed, private=True)
    kept = {"state": State.ACTIVE, "turns_at": None} | more
    return Entry(platform=platform, first=found.first, last=found.last, **kept)


def browser(digest: str, **more: object) -> Entry:
    return Entry(
        **{"platform": "web", "state": State.ACTIVE, "turns_at": None} | more, browser=digest
    )


def ask(
    *entries: Entry, address: str = "203.0.113.7", now: datetime = NOW, **more: str
) -> Decision:
    asked = {"platform": "web", "browser": "", "door": ""} | more
    return decide(compiled(entries, now), address=address, **asked)


class TestDecide:
    def test_lets_everybody_in_without_entries(self):
        assert ask() is Decision.LET_IN

    @pytest.mark.parametrize(
        ("typed", "address", "inside"),
        [
            ("203.0.113.7", "203.0.113.7", True),
            ("203.0.113.7", "203.0.113.8", False),
            ("203.0.113.7", "::ffff:203.0.113.7", True),
            ("203.0.113.0/24", "203.0.113.255", True),
            ("203.0.113.0/24", "203.0.114.0", False),
            ("2001:db8::/32", "2001:db8:ffff::1", True),
            ("2001:db8::/32", "2001:db9::1", False),
            # An address of one family never stands for one of the other.
            ("203.0.113.0/24", "2001:db8::1", False),
            ("203.0.113.7", "::203.0.113.7", False),
            ("203.0.113.7", "::cb00:7107", False),
            ("203.0.113.7", "64:ff9b::203.0.113.7", False),
            ("203.0.113.7", "2002:cb00:7107::", False),
            ("2001:db8::7", "0.0.0.7", False),
        ],
    )
    def test_compares_addresses_by_value(self, typed, address, inside):
        assert ask(network(typed), address=address).is_let_in is inside

    @pytest.mark.parametrize(
        "address", ["", "a", "unknown", "203.0.113", "fe80::1%1", "203.0.113.7,"]
    )
    def test_refuses_what_is_no_address(self, address):
        assert ask(network("203.0.113.0/24"), address=address) is Decision.ADDRESS

    def test_refuses_a_platform_that_nobody_knows(self):
        assert ask(network("203.0.113.7"), platform="toaster") is Decision.ADDRESS

    def test_an_entry_for_one_platform_leaves_the_others_open(self):
        entry = network("203.0.113.7", "tws")
        assert ask(entry, address="198.51.100.1").is_let_in
        assert not ask(entry, address="198.51.100.1", platform="tws").is_let_in

    @pytest.mark.parametrize("platform", ["web", "tws", "mobile_ios", "mobile_android", "api"])
    def test_an_entry_for_all_holds_for_each(self, platform):
        assert not ask(network("203.0.113.9"), platform=platform).is_let_in
        assert ask(network("203.0.113.7"), platform=platform).is_let_in

    def test_entries_for_all_and_for_one_add_up(self):
        entries = network("203.0.113.7"), network("198.51.100.1", "mobile")
        assert ask(*entries, address="198.51.100.1", platform="mobile_ios").is_let_in
        assert not ask(*entries, address="198.51.100.1", platform="api").is_let_in

    def test_a_list_of_browsers_lets_in_only_them(self):
        assert ask(browser("ab"), browser="ab").is_let_in
        assert ask(browser("ab"), browser="cd") is Decision.BROWSER
        assert ask(browser("ab")) is Decision.BROWSER
        assert ask(browser("ab"), platform="tws").is_let_in

    def test_a_forgotten_browser_opens_nothing(self):
        assert ask(browser("")) is Decision.BROWSER

    def test_both_lists_have_to_agree(self):
        entries = network("203.0.113.7"), browser("ab")
        assert ask(*entries, browser="ab").is_let_in
        assert ask(*entries, browser="ab", address="203.0.113.8") is Decision.ADDRESS
        assert ask(*entries, browser="cd") is Decision.BROWSER

    def test_the_door_lets_in_its_address_alone(self):
        entries = network("198.51.100.1"), browser("ab")
        assert ask(*entries, door="203.0.113.7").is_let_in
        assert not ask(*entries, door="203.0.113.8").is_let_in

    @pytest.mark.parametrize(
        ("state", "before", "after"),
        [
            (State.PENDING, False, False),
            (State.PROVISIONAL, True, False),
            (State.ACTIVE, True, False),
            (State.LEAVING, False, True),
            (State.REMOVED, False, False),
        ],
    )
    def test_an_entry_turns_by_the_clock_alone(self, state, before, after):
        entry = network("198.51.100.1", state=state, turns_at=SOON)
        assert entry.is_in_force(NOW) is before
        assert entry.is_in_force(SOON) is after
        assert ask(entry).is_let_in is not before
        assert ask(entry, now=SOON).is_let_in is not after

    def test_a_list_says_until_when_it_holds(self):
        entries = [
            network("198.51.100.1", state=State.PROVISIONAL, turns_at=SOON),
            network("198.51.100.2"),
        ]
        made = compiled(entries, NOW)
        assert made.holds_at(SOON - timedelta(microseconds=1))
        assert not made.holds_at(SOON)
        assert compiled(entries, SOON).until == rules.FOR_EVER


PREFIXES = st.lists(
    st.one_of(
        st.ip_addresses(v=4, network="198.51.0.0/16").flatmap(
            lambda one: st.integers(18, 32).map(
                lambda size: ipaddress.ip_network((one, size), False)
            )
        ),
        st.ip_addresses(v=6, network="2001:db8::/32").flatmap(
            lambda one: st.integers(34, 128).map(
                lambda size: ipaddress.ip_network((one, size), False)
            )
        ),
    ),
    max_size=12,
)


@given(
    PREFIXES, st.ip_addresses(network="198.51.0.0/16") | st.ip_addresses(network="2001:db8::/32")
)
def test_decides_as_a_search_through_all_entries_would(networks, address):
    entries = [network(str(one)) for one in networks]
    naive = any(one.version == address.version and address in one for one in networks)
    assert ask(*entries, address=str(address)).is_let_in is (naive or not networks)


class TestOpens:
    def test_taking_the_last_of_a_platform(self):
        both = [network("203.0.113.7", "tws"), network("203.0.113.7", "web")]
        assert rules.opens(compiled(both, NOW), compiled(both[:1], NOW))

    def test_not_taking_one_of_several(self):
        both = [network("203.0.113.7"), network("203.0.113.8")]
        assert not rules.opens(compiled(both, NOW), compiled(both[:1], NOW))

    def test_taking_the_last_browser(self):
        both = [network("203.0.113.7"), browser("ab")]
        assert rules.opens(compiled(both, NOW), compiled(both[:1], NOW))
