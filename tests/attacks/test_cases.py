"""Cases: what is written in them is text and nothing else, and nobody else writes in them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import references
from accounts.cases import rules, services
from accounts.cases.models import Case, Letter, Status
from accounts.origin import SYSTEM
from tests.accounts.cases import conftest as stage
from tests.attacks.tools import at_once, browser

hers, desk = stage.hers, stage.desk
SCRIPTS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ settings.SECRET_KEY }}{% debug %}",
    "</textarea><svg onload=alert(1)>",
    "javascript:alert(1) http://evil.example/",
]


def texts(case: Case) -> list[str]:
    return list(case.letters.order_by("pk").values_list("text", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("text", SCRIPTS)
def test_a_text_is_shown_as_it_was_typed_and_runs_nowhere(client, alice, sign_in, desk, sam, text):
    sign_in(client, alice)
    agent = {"User-Agent": text}
    where = client.post("/report/", {"kind": "email", "text": text}, headers=agent)["Location"]
    case = Case.objects.get()
    services.answer(case=case, staff=sam, origin=SYSTEM, text=text, waits=True)
    pages = [client.get(one) for one in (where, "/cases/", "/inbox/", "/activity/")]
    pages += [desk.get(f"/console{where}"), desk.get("/console/cases/")]
    # A message that is not taken comes back in its field.
    long = text + "x" * rules.TEXT_MAX
    pages += [client.post(where, {"text": long}), desk.post(f"/console{where}", {"text": long})]
    desk.post(f"/console{where}close/", {"reason": text})
    pages += [client.get(where), desk.get(f"/console{where}")]
    assert {page.status_code for page in pages} == {200}
    for page in pages:
        shown = page.content.decode()
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "<svg onload" not in shown
        assert 'href="http://evil' not in shown
        assert 'href="javascript' not in shown
    shown = pages[0].content.decode()
    assert (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
        in shown
    )


@pytest.mark.django_db
def test_no_form_of_another_site_writes(alice, hers, desk, sign_in):
    inside = Client(enforce_csrf_checks=True)
    inside.cookies = sign_in(Client(), alice).cookies
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.cookies
    here = f"/cases/{hers.reference}/"
    tries = [
        (inside, "/report/", {"kind": "email", "text": "x"}),
        (inside, here, {"text": "x"}),
        (strict, f"/console{here}", {"text": "x"}),
        (strict, f"/console{here}take/", {}),
        (strict, f"/console{here}close/", {"reason": "x"}),
        (Client(enforce_csrf_checks=True), "/report/", {"kind": "email", "text": "x"}),
    ]
    for who, path, fields in tries:
        assert who.post(path, fields).status_code == 403, path
    hers.refresh_from_db()
    assert (hers.status, Case.objects.count(), Letter.objects.count()) == ("received", 1, 1)


@pytest.mark.django_db
def test_foreign_and_unknown_references_are_answered_alike(client, bob, hers, sign_in):
    """Same status, same page, same statements: nobody learns which references there are."""
    sign_in(client, bob)
    hers_path, none = f"/cases/{hers.reference}/", f"/cases/{references.new()}/"
    for path in (hers_path, none):
        client.get(path)  # what is read once only
    seen = []
    for path in (hers_path, none):
        with CaptureQueriesContext(connection) as asked:
            got, posted = client.get(path), client.post(path, {"text": "mine"})
        seen.append((got.status_code, posted.status_code, len(got.content), len(asked)))
    assert seen[0] == seen[1]
    assert seen[0][:2] == (404, 404)
    assert texts(hers) == ["It wants my password."]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_a_case_never_holds_more_than_it_may(self, client, alice, hers, sign_in, monkeypatch):
        monkeypatch.setattr(rules, "LETTERS_MAX", 5)
        sign_in(client, alice)

        def write(_number: int) -> int:
            other = browser()
            other.cookies = client.cookies
            return other.post(f"/cases/{hers.reference}/", {"text": "again"}).status_code

        assert set(at_once(20, write)) <= {200, 302}
        assert hers.letters.count() == 5

    def test_nothing_is_written_behind_the_end(self, hers, sam):
        def act(number: int) -> str:
            if number == 3:
                services.close(case=hers, staff=sam, origin=SYSTEM, reason="done")
                return "closed"
            try:
                services.write(case=hers, text="more")
            except services.Closed:
                return "refused"
            return "written"

        got = at_once(20, act)
        hers.refresh_from_db()
        assert (hers.status, hers.letters.count()) == (Status.CLOSED, 1 + got.count("written"))
        assert not hers.letters.filter(at__gt=hers.closed_at).exists()
