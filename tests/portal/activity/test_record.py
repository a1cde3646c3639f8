"""Is the record whole: what we say of it, and what the browser gets to compute with."""

import pytest

from accounts.audit import checkpoints, rules
from accounts.audit.models import Entry
from accounts.users.models import User
from portal.activity import checking
from tests.portal.activity.test_activity import note
from tests.tampering import tampering


@pytest.fixture
def inside(client, alice, sign_in):
    note(alice, times=5)
    return sign_in(client, alice)


def test_says_that_it_is_whole(inside, alice):
    page = inside.get("/activity/record/").content.decode()
    alice.refresh_from_db()
    assert f"All {alice.audit_number} entries are whole." in page
    assert alice.audit_head in page
    assert "Not signed yet" in page


def test_names_the_first_entry_that_was_altered(inside, alice):
    with tampering():
        Entry.objects.filter(user=alice, number=3).update(detail={"x": "1"})
    assert "Entry 3 is not as it was written" in inside.get("/activity/record/").content.decode()


def test_names_what_a_checkpoint_knows_better(inside, alice):
    checkpoints.place(alice.pk)
    last = User.objects.get(pk=alice.pk).audit_number
    with tampering():
        Entry.objects.filter(user=alice, number=last).delete()
        kept = Entry.objects.get(user=alice, number=last - 1)
        User.objects.filter(pk=alice.pk).update(audit_number=last - 1, audit_head=kept.digest)
    assert f"Entry {last} is not as" in inside.get("/activity/record/").content.decode()


def test_a_long_record_is_left_to_the_browser(inside, monkeypatch):
    monkeypatch.setattr(checking, "SERVER_MOST", 3)
    page = inside.get("/activity/record/").content.decode()
    assert "your browser computes it" in page
    assert "are whole." not in page.split("</section>")[0]


def test_the_browser_gets_what_the_seals_are_made_of(inside, alice, monkeypatch):
    monkeypatch.setattr(checking, "SIZE", 2)
    head, after = rules.GENESIS, 0
    while True:
        part = inside.get(f"/activity/record/entries/?after={after}").json()
        for entry in part["entries"]:
            after += 1
            head = rules.link(head, entry["content"].encode())
            assert (entry["number"], entry["digest"]) == (after, head)
        if after == part["number"]:
            break
        assert len(part["entries"]) == 2
    assert head == part["digest"]


@pytest.mark.parametrize("after", ["x", "-1", "1e3", "9" * 20, "٣", ""])
def test_no_number_is_a_bad_request(inside, after):
    assert inside.get("/activity/record/entries/", {"after": after}).status_code == 400


def test_takes_a_session(client):
    for path in ("/activity/record/", "/activity/record/entries/"):
        assert client.get(path)["Location"].startswith("/login/")
