"""Cases at the console: for staff alone."""

import pytest

from accounts.audit.models import Entry
from accounts.cases import listing, services
from accounts.cases.models import Case, Kind, Letter, Status
from tests.accounts.cases.conftest import HERE, desk, hers

__all__ = ["desk", "hers"]
pytestmark = pytest.mark.django_db


def test_what_is_open_stands_there_the_longest_waiting_first(desk, hers, bob, sam, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 2)
    public = services.open(user=None, kind=Kind.CALL, origin=HERE, text="A call")
    done = services.open(user=bob, kind=Kind.CALL, origin=HERE)
    services.close(case=done, staff=sam, origin=HERE, reason="Done")
    last = services.open(user=bob, kind=Kind.TEXT, origin=HERE)
    first = desk.get("/console/cases/")
    assert first.context["cases"] == [hers, public]
    rest = desk.get(f"/console/cases/?after={first.context['more']}")
    assert rest.context["cases"] == [last]


def test_staff_take_answer_and_close(desk, hers, sam):
    path = f"/console/cases/{hers.reference}/"
    assert "It wants my password." in desk.get(path).content.decode()
    assert desk.post(f"{path}take/").status_code == 302
    assert desk.post(path, {"text": "When?", "waits": "on"}).status_code == 302
    hers.refresh_from_db()
    assert hers.status == Status.WAITING
    assert Letter.objects.latest("pk").staff == sam
    assert desk.post(f"{path}close/", {"reason": "A swindle"}).status_code == 302
    hers.refresh_from_db()
    assert (hers.status, hers.reason) == (Status.CLOSED, "A swindle")


def test_an_answer_and_a_reason_need_words(desk, hers):
    path = f"/console/cases/{hers.reference}/"
    for url, fields in ((path, {"text": " "}), (f"{path}close/", {"reason": "x" * 201})):
        page = desk.post(url, fields)
        assert page.status_code == 200
        assert "error-summary" in page.content.decode()
    hers.refresh_from_db()
    assert hers.status == Status.RECEIVED


def test_a_report_without_an_account_is_closed_and_not_answered(desk):
    case = services.open(user=None, kind=Kind.CALL, origin=HERE, text="A call")
    path = f"/console/cases/{case.reference}/"
    assert 'id="id_text"' not in desk.get(path).content.decode()
    assert desk.post(path, {"text": "Hello"}).status_code == 404
    assert desk.post(f"{path}close/", {"reason": "Known"}).status_code == 302
    assert Case.objects.get().is_closed


def test_the_mail_does_not_tell_where_staff_sit(desk, hers):
    desk.post(f"/console/cases/{hers.reference}/", {"text": "When?"})
    entry = Entry.objects.get(event="case.answered")
    assert entry.origin["address"] == ""
    assert entry.origin["request"]


@pytest.mark.parametrize("what", ["", "take/", "close/"])
def test_clients_find_no_console(client, hers, alice, sign_in, what):
    sign_in(client, alice)
    path = f"/console/cases/{hers.reference}/{what}"
    assert client.get(path).status_code in (404, 405)
    assert client.post(path, {"text": "x", "reason": "x"}).status_code == 404
    assert client.get("/console/cases/").status_code == 404
    hers.refresh_from_db()
    assert hers.status == Status.RECEIVED
