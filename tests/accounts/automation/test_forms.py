"""Which rules can be made: those that can be met."""

import pytest

from accounts.automation.models import Watch
from accounts.automation.rules import RATES, can_be_met
from tests.pdfs import service
from tests.programs import TOKEN, call, issue

pytestmark = pytest.mark.django_db
NEW, LIST = "/settings/trading/rules/new/", "/settings/trading/rules/"


@pytest.fixture
def hers(client, alice, sign_in):
    return sign_in(client, alice)


def make(client, calls: int):
    fields = {"kind": "api_calls", "calls": str(calls), "does": "stop"}
    return client.post(NEW, fields)


@pytest.mark.parametrize(
    ("rate", "most", "reported", "can"),
    [
        (119, 120, False, True),
        (120, 120, False, True),
        (121, 120, False, False),
        (300, 120, True, True),
    ],
)
def test_a_rule_is_met_by_the_call_that_is_refused_and_by_none_beyond(rate, most, reported, can):
    assert can_be_met(rate, most=most, reported=reported) is can


def test_what_no_program_can_do_is_refused_in_words(hers, settings):
    settings.API_CALLS_PER_MINUTE = 60
    settings.SERVICE_TOKENS = [service("books", "t" * 20, ":documents+figures")]
    page = make(hers, 120).content.decode()
    assert "at 60 calls a minute a program is refused" in page
    assert "error-summary" in page
    assert not Watch.objects.exists()
    page = hers.get(NEW).content.decode()
    assert "A program is refused at 60 calls a minute, so no rule is about more." in page
    assert 'value="120"' not in page
    assert make(hers, 60).status_code == 302


def test_the_highest_that_can_be_chosen_is_met(hers, alice, settings, still):
    settings.API_CALLS_PER_MINUTE = 30
    assert make(hers, 30).status_code == 302
    still.shift(61)
    text = issue(alice).text
    assert [call(text, TOKEN).status_code for _ in range(30)] == [200] * 30
    assert call(text, TOKEN).status_code == 429
    assert call(text, TOKEN).status_code == 403
    alice.refresh_from_db()
    assert alice.automation_stopped_at is not None


def test_where_systems_report_what_programs_do_every_rule_can_be_met(hers, settings):
    settings.API_CALLS_PER_MINUTE = 60
    settings.SERVICE_TOKENS = [service("gateway", "t" * 20, ":decisions+events")]
    page = hers.get(NEW).content.decode()
    assert all(f'value="{rate}"' in page for rate in RATES)
    assert "refused at 60 calls a minute. More calls are made" in page
    assert make(hers, 300).status_code == 302


def test_where_every_rule_would_be_idle_there_is_none(hers, settings):
    settings.API_CALLS_PER_MINUTE = 5
    page = hers.get(NEW).content.decode()
    assert "api_calls" not in page
    assert 'name="calls"' not in page
    assert make(hers, 10).status_code == 200
    assert not Watch.objects.exists()


def test_a_rule_that_has_become_idle_says_so(hers, settings):
    settings.API_CALLS_PER_MINUTE = 1000
    make(hers, 300)
    assert "this rule is never met" not in hers.get(LIST).content.decode()
    settings.API_CALLS_PER_MINUTE = 120
    assert "this rule is never met" in hers.get(LIST).content.decode()
