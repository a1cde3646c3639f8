"""The switch, a revocation and a renewal at the same instant as calls: refused from then on."""

import pytest
from django.utils import timezone

from accounts.api_tokens import services
from accounts.api_tokens.models import ApiToken
from accounts.api_tokens.rules import Scope
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.freeze import services as freezes
from accounts.freeze.models import How, Trading
from accounts.origin import SYSTEM
from tests.attacks.tools import at_once
from tests.programs import DAY, TOKEN, call, fresh, issue

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 50


def test_of_fifty_stops_one_counts_and_no_later_call_is_answered(alice):
    text = issue(alice).text
    changed = at_once(RACERS, lambda _: services.stop_automation(user_id=alice.pk, origin=SYSTEM))
    assert sorted(changed) == [False] * (RACERS - 1) + [True]
    assert Entry.objects.filter(user=alice, event=Event.AUTOMATION_STOPPED).count() == 1
    assert call(text, TOKEN).status_code == 403
    assert audit.verify(alice) is None


def test_calls_that_begin_after_the_stop_are_refused(alice):
    """Each racer calls, and once more after it has seen that automation is stopped."""
    text = issue(alice).text

    def act(number: int) -> tuple[int, int]:
        first = 0
        if number % 5:
            first = call(text, TOKEN).status_code
        services.stop_automation(user_id=alice.pk, origin=SYSTEM)
        return first, call(text, TOKEN).status_code

    got = at_once(RACERS, act)
    assert {first for first, _ in got} <= {0, 200, 403}
    assert {after for _, after in got} == {403}
    assert audit.verify(alice) is None


def test_stops_and_resumes_leave_one_of_both_in_the_record(alice):
    def act(number: int) -> bool:
        switch = services.resume_automation if number % 2 else services.stop_automation
        return switch(user_id=alice.pk, origin=SYSTEM)

    at_once(RACERS, act)
    alice.refresh_from_db()
    of = Entry.objects.filter(user=alice).order_by("number")
    events = list(of.filter(event__startswith="automation.").values_list("event", flat=True))
    assert events == [
        (Event.AUTOMATION_RESUMED if place % 2 else Event.AUTOMATION_STOPPED).value
        for place in range(len(events))
    ]
    assert (alice.automation_stopped_at is not None) == (len(events) % 2 == 1)


def test_a_revocation_wins_over_fifty_renewals(alice):
    issued = issue(alice)

    def act(number: int) -> str:
        row = fresh(issued.row)
        if number == 7:
            services.revoke(row=row, why="owner", origin=SYSTEM)
            return issued.text
        renewed = services.renew(row=row, origin=SYSTEM)
        return renewed.text if renewed else issued.text

    texts = set(at_once(RACERS, act))
    assert fresh(issued.row).revoked_why == "owner"
    assert {call(text, TOKEN).status_code for text in texts} == {401}
    assert ApiToken.objects.count() == 1
    assert Entry.objects.filter(user=alice, event=Event.API_TOKEN_REVOKED).count() == 1
    assert audit.verify(alice) is None


def test_of_fifty_renewals_one_secret_is_good(alice):
    issued = issue(alice)
    made = at_once(RACERS, lambda _: services.renew(row=fresh(issued.row), origin=SYSTEM).text)
    good = [text for text in made if call(text, TOKEN).status_code == 200]
    assert len(good) == 1


def test_at_once_no_more_are_issued_than_the_owner_may_have(alice, settings):
    settings.API_TOKENS_MOST = 5

    def act(_number: int) -> bool:
        try:
            issue(alice)
        except AssertionError:
            return False
        return True

    assert sum(at_once(20, act)) == 5
    assert ApiToken.objects.count() == 5


def test_a_token_that_is_issued_as_everything_stops_is_not_good_afterwards(alice):
    """A thief's last request is on its way when the owner says "not me": its proof was taken, and
    it waits for the lock. What comes out of it must not outlive the freeze."""

    def act(number: int) -> str:
        if number == 7:
            freezes.freeze(
                user_id=alice.pk, origin=SYSTEM, how=How.LINK, trading=Trading.CLOSE_ONLY
            )
            return ""
        made = services.create(
            user_id=alice.pk, name="x", scopes=[*Scope], life=DAY, networks=[], origin=SYSTEM
        )
        return made.text if made else ""

    made = [text for text in at_once(8, act) if text]
    freezes.thaw(user_id=alice.pk, origin=SYSTEM, by="staff:sam+tess")
    assert {call(text, TOKEN).status_code for text in made} <= {401}
    assert not services.live(alice.pk, timezone.now()).exists()


def test_while_everything_is_stopped_none_is_issued(alice):
    freezes.freeze(user_id=alice.pk, origin=SYSTEM, how=How.LINK, trading=Trading.CLOSE_ONLY)
    made = services.create(
        user_id=alice.pk, name="x", scopes=[*Scope], life=DAY, networks=[], origin=SYSTEM
    )
    assert made is None
    assert not ApiToken.objects.exists()
