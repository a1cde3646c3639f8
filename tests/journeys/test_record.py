"""Alice computes her record in the browser; then somebody alters the database."""

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.digest.tasks import send
from accounts.users.models import User
from portal.activity import checking
from tests.journeys.scenes.activity import compute, note
from tests.tampering import tampering

SMILE = 'Café 😀 日本 \x7f \u2028 \\u0041 "quoted"'


@pytest.fixture
def record(alice, person, client, sign_in, monkeypatch) -> Page:
    """The page, signed in, before anything is computed. A part has few entries."""
    monkeypatch.setattr(checking, "SIZE", 4)
    note(alice, Event.DEVICE_RENAMED, times=5, device=SMILE)
    sign_in(client, alice)
    cookies = [
        {"name": name, "value": one.value, "url": person.base}
        for name, one in client.cookies.items()
    ]
    person.page.context.add_cookies(cookies)
    return person.page


def computed(page: Page, base: str) -> Locator:
    """What the browser says."""
    page.goto(f"{base}/activity/record/")
    compute(page)
    return page.locator("main [data-part=said]")


def test_it_is_whole(record, person, alice):
    alice.refresh_from_db()
    said = computed(record, person.base)
    expect(said).to_contain_text(f"all {alice.audit_number} entries are whole")


def alter(user: User) -> None:
    Entry.objects.filter(user=user, number=3).update(detail={"device": "Mallory"})


def remove(user: User) -> None:
    Entry.objects.filter(user=user, number=3).delete()


def swap(user: User) -> None:
    Entry.objects.filter(user=user, number=3).update(number=99)
    Entry.objects.filter(user=user, number=4).update(number=3)
    Entry.objects.filter(user=user, number=99).update(number=4)


def cut(user: User) -> None:
    Entry.objects.filter(user=user, number__gte=3).delete()


@pytest.mark.parametrize("tamper", [alter, remove, swap, cut])
def test_the_page_names_what_was_altered(record, person, alice, tamper):
    with tampering():
        tamper(alice)
    expect(computed(record, person.base)).to_contain_text("Entry 3 is not as it was written")
    expect(record.locator("main")).to_contain_text("What we say")


def test_the_head_that_the_summary_names_is_the_one_of_the_page(record, person, alice):
    send.delay()
    mail = person.read_mail("alice@example.com", "what happened with your access")
    alice.refresh_from_db()
    assert f"Entry: {alice.audit_number}\nDigest: {alice.audit_head}" in mail
    person.open("/activity/record/")
    person.sees(alice.audit_head)
