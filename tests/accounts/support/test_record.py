"""One record of the numbers at which we are called back, and everything that reads it."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.origin import SYSTEM
from accounts.outbox import rendering
from accounts.outbox.models import Channel
from accounts.support import record, services
from portal.recovery_kit import facts
from sls.ib_key_app import shell
from tests.sql import counted_queries

OLD, NEW, MORE = "+1 415 555 0100", "+1 415 555 0142", "+81 3 1234 5678"
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def changed(sam, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        pairs = [("United States", NEW), ("Japan", MORE)]
        assert services.change(numbers=pairs, staff=sam, origin=SYSTEM)


def test_until_somebody_writes_it_it_says_what_the_settings_say(db, settings):
    assert record.current() is settings.SUPPORT
    assert [one["telephone"] for one in record.current().numbers] == [OLD]


def test_a_change_is_recorded_in_the_systems_chain_with_its_author(changed, sam):
    entry = Entry.objects.get(event=Event.NUMBERS_CHANGED)
    assert (entry.user, entry.actor) == (None, "staff:sam")
    assert entry.detail == {"before": [], "after": [NEW, MORE]}
    assert audit.verify(None) is None


def test_the_same_again_is_no_change(changed, sam):
    same = [("United States", NEW), ("Japan", MORE)]
    assert not services.change(numbers=same, staff=sam, origin=SYSTEM)
    assert Entry.objects.filter(event=Event.NUMBERS_CHANGED).count() == 1
    with pytest.raises(ValueError, match="no number"):
        services.change(numbers=[], staff=sam, origin=SYSTEM)


def test_pages_mails_calls_kits_and_the_app_name_the_record(changed, client, alice):
    now = timezone.now()
    for path in ("/login/", "/verify-caller/", "/help/safety/", "/report/"):
        page = client.get(path).content.decode()
        assert NEW in page
        assert OLD not in page
    page = client.get("/verify-caller/").content.decode()
    assert 'href="tel:+81312345678"' in page
    assert "Japan" in page
    for channel in (Channel.EMAIL,):
        said = rendering.content(
            channel,
            "security_code",
            to="alice@example.com",
            language="en",
            context={"code": "493817", "reference": "KMP"},
            now=now,
            expires_at=now + timedelta(minutes=5),
        )
        assert NEW in said["text"]
        assert OLD not in str(said)
    assert facts.of(alice)["telephone"].lines == [NEW, f"{MORE} (Japan)"]
    assert NEW in shell.page()


def test_no_other_number_is_typed_anywhere():
    """FIRSTS 3: every number in templates and in the words of mails comes from the record."""
    number = re.compile(r"\+\d[\d ().-]{6,}\d|tel:\+?\d")
    examples = {"+1 415 555 0101"}  # in hints of what to type
    for path in (ROOT / "templates").rglob("*"):
        if path.is_file() and "emulator" not in path.parts:
            found = set(number.findall(path.read_text(encoding="utf-8"))) - examples
            assert not found, path


def test_it_is_read_once_a_minute(db, settings, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(record.time, "perf_counter", lambda: clock[0])
    record.remember(None)
    with counted_queries(0):
        record.current()
    clock[0] += record.LIFE
    with counted_queries(1):
        record.current()
        record.current()


def test_a_database_that_does_not_answer_fails_no_page(changed, monkeypatch):
    monkeypatch.setattr(record, "_read", (-record.LIFE, record._read[1]))

    def away(*_args: object) -> None:
        raise OperationalError("away")

    with connection.execute_wrapper(away):
        assert record.current().telephone == NEW
    assert record.current().telephone == NEW
