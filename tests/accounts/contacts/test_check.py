"""Asked again whether the contacts are right."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.audit.models import Entry
from accounts.contacts import rules
from accounts.users.models import User
from tests.bench.counts import SQL

CHECK = "/settings/communication/check/"
THEN = datetime(2026, 1, 1, tzinfo=UTC)
EVERY = timedelta(days=180)
MOMENTS = st.none() | st.timedeltas(timedelta(0), timedelta(days=900)).map(lambda x: THEN + x)


@given(MOMENTS, MOMENTS)
def test_nobody_is_asked_before_they_begin(confirmed, put_off):
    facts = {"confirmed_at": confirmed, "put_off": put_off}
    assert rules.ask_from(every=EVERY, activated_at=None, **facts) is None


@given(MOMENTS)
def test_a_client_is_asked_half_a_year_after_the_last_answer(confirmed):
    asked = rules.ask_from(every=EVERY, activated_at=THEN, confirmed_at=confirmed, put_off=None)
    assert asked == (confirmed or THEN) + EVERY


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def due(self, signed_in, alice):
        """Alice, who last answered half a year ago."""
        User.objects.filter(pk=alice.pk).update(contacts_confirmed_at=None)
        return signed_in

    def test_home_says_nothing_while_all_is_fresh(self, signed_in):
        assert CHECK not in signed_in.get("/").content.decode()

    def test_home_asks_calmly(self, due):
        page = due.get("/").content.decode()
        assert CHECK in page
        assert "Nothing needs your attention" in page

    def test_the_page_shows_the_owner_everything_whole(self, due):
        page = due.get(CHECK).content.decode()
        assert "alice@example.com" in page
        assert "+1 415-555-0101" in page

    def test_these_are_right(self, due, alice):
        assert due.post(CHECK)["Location"] == "/"
        page = due.get("/").content.decode()
        assert "Thank you." in page
        assert CHECK not in page
        assert Entry.objects.filter(user=alice, event="contacts.confirmed").count() == 1

    def test_later_is_two_weeks_later(self, due, clock, sign_in, alice):
        assert due.post(f"{CHECK}later/")["Location"] == "/"
        assert CHECK not in due.get("/").content.decode()
        clock.shift(timedelta(days=14, seconds=1))
        sign_in(due, alice)
        assert CHECK in due.get("/").content.decode()

    def test_what_is_not_asked_is_not_put_off(self, signed_in, alice):
        signed_in.post(f"{CHECK}later/")
        assert User.objects.get(pk=alice.pk).contacts_ask_at is None

    def test_settings_say_when_it_was_last_confirmed(self, due, clock):
        url = "/settings/communication/"
        page = due.get(url).content.decode()
        assert "Not confirmed yet" in page
        assert "Due" in page
        due.post(CHECK)
        assert "Last confirmed on" in due.get(url).content.decode()

    def test_it_costs_home_no_query(self, due, counted_queries):
        with counted_queries(most=SQL["landing"] + 1):  # and when it was last seen
            due.get("/")
