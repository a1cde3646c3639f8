"""Alice has lost everything: a passcode leads her to the online card, and that lets her in."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.origin import SYSTEM
from accounts.outbox.models import Channel
from sls.methods.online_card.models import OnlineCard
from sls.methods.temporary_passcode import services
from sls.methods.temporary_passcode.models import Passcode
from tests import cast

ALICE = "+14155550101"
PAGE = re.compile(rb"/Type\s*/Page\b")
WRITTEN = re.compile(r"passcode ([A-HJ-NP-Z2-9]{8}),")


@pytest.fixture
def issued(alice) -> None:
    """Two of staff have spoken to Alice."""
    staff = [cast.person(name, staff=True) for name in ("sam", "tess")]
    made = services.issue(
        user=alice, by=staff, delivery=Channel.SMS, reason="T-1001", origin=SYSTEM
    )
    assert isinstance(made, Passcode)


def passcode(person) -> str:
    """As Alice reads it on her telephone."""
    texts = [one["body"] for one in person.wire.messages(ALICE)]
    return next(found[1] for text in texts if (found := WRITTEN.search(text)))


def by(person, label: str, code: str) -> None:
    person.give_password("alice")
    person.page.get_by_label(label).check()
    person.press("Continue")
    person.give_code(code)


def test_from_the_passcode_to_a_sign_in_by_the_card(person, alice, issued, axe):
    page = person.page
    person.read_text(ALICE, count=2)
    code = passcode(person)
    # Two days later it opens nothing but the card.
    Passcode.objects.update(until=timezone.now())
    by(person, "Temporary passcode", code.lower())
    person.sees("Online security code card", "h1")
    person.open("/settings/")
    person.sees("Online security code card", "h1")
    axe(page)

    person.press("Make my card")
    person.sees("It is shown this once")
    axe(page)
    for paper in ("A4", "Letter"):
        assert len(PAGE.findall(page.pdf(format=paper))) == 1, paper
    sheet = page.locator(".code-card__value").all_inner_texts()
    assert len(sheet) == 224
    asked = [int(one) for one in page.locator(".asked__index").all_inner_texts()]
    person.fill(code=" ".join(sheet[index - 1] for index in asked))
    person.press("Activate")
    expect(page.locator("#card-until")).to_be_visible()
    assert (OnlineCard.objects.get().ends_at - timezone.now()).days == 20
    axe(page)
    person.press("Log off and sign in with the card")

    person.give_password("alice")
    page.get_by_label("Online security code card").check()
    person.press("Continue")
    person.sees("Use your online security code card", "h1")
    axe(page)
    asked = [int(one) for one in page.locator(".asked__index").all_inner_texts()]
    person.give_code("".join(sheet[index - 1] for index in asked))
    person.is_in()
