import pytest
from django.test import Client

from accounts import references
from accounts.cases import listing, rules, services
from accounts.cases.models import Case, Kind, Letter
from accounts.origin import SYSTEM
from tests.accounts.cases.conftest import HERE

pytestmark = pytest.mark.django_db
TEXT = "A mail that wants my password"


@pytest.fixture
def her(client, alice, sign_in) -> Client:
    return sign_in(client, alice)


def report(client: Client, kind: str = "email", text: str = TEXT, **extra):
    return client.post("/report/", {"kind": kind, "text": text}, **extra)


@pytest.mark.parametrize("kind", ["sign_in", "email", "call", "text", "transaction"])
def test_a_client_reports_and_follows_it(her, alice, kind):
    response = report(her, kind)
    case = Case.objects.get()
    assert (case.user, case.kind) == (alice, kind)
    assert response["Location"] == f"/cases/{case.reference}/"
    page = her.get(response["Location"]).content.decode()
    assert case.shown in page
    assert TEXT in page
    assert "Received" in page


def test_anybody_reports_and_gets_a_reference(client, db):
    page = report(client).content.decode()
    case = Case.objects.get()
    assert case.user is None
    assert case.shown in page
    assert "Do not answer it" in page
    assert client.get(f"/cases/{case.reference}/").status_code == 302  # to the sign-in


def test_the_page_says_what_never_to_give(client, db):
    page = client.get("/report/").content.decode()
    assert "Never give your social security number or a card number" in page
    assert "Do not answer it, do not click" in page
    assert "tel:+14155550100" in page
    assert "https://chat.example.com/" in page


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "", "text": TEXT},
        {"kind": "incident", "text": TEXT},
        {"kind": "nonsense", "text": TEXT},
        {"kind": "email", "text": ""},
        {"kind": "email", "text": " \u202e\n "},
        {"kind": "email", "text": "x" * (rules.TEXT_MAX + 1)},
        {"kind": "email", "text": "あ" * (rules.TEXT_MAX + 1)},
    ],
)
def test_what_says_nothing_or_too_much_is_not_taken(her, fields):
    response = her.post("/report/", fields)
    assert response.status_code == 200
    assert "error-summary" in response.content.decode()
    assert not Case.objects.exists()


@pytest.mark.parametrize("text", ["x" * (rules.TEXT_MAX * 50), "a\x00b"])
def test_what_no_form_of_ours_sends_is_refused(her, text):
    assert report(her, text=text).status_code == 400
    assert not Case.objects.exists()


def test_as_much_as_may_be_fits(her):
    assert report(her, text="あ" * rules.TEXT_MAX).status_code == 302
    assert Letter.objects.get().text == "あ" * rules.TEXT_MAX


def test_line_breaks_of_the_browser_do_not_count_twice(her):
    text = "\r\n".join("x" * (rules.TEXT_MAX // 2))
    assert report(her, text=text).status_code == 302
    assert len(Letter.objects.get().text) == rules.TEXT_MAX - 1


def test_reports_of_a_client_are_counted(her):
    answers = [report(her).status_code for _ in range(11)]
    assert answers == [302] * 10 + [429]
    assert Case.objects.count() == 10


def test_reports_of_an_address_are_counted(client, db):
    answers = [report(client).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert report(client, REMOTE_ADDR="198.51.100.9").status_code == 200


def test_a_report_that_is_not_taken_is_not_counted(client, db):
    for _ in range(8):
        report(client, text="")
    assert report(client).status_code == 200
    assert Case.objects.count() == 1


def test_staff_report_like_anybody(desk):
    assert report(desk).status_code == 200
    assert Case.objects.get().user is None


def test_the_owner_writes_and_reads_the_answer(her, hers, sam):
    path = f"/cases/{hers.reference}/"
    services.answer(case=hers, staff=sam, origin=SYSTEM, text="When was it?", waits=True)
    page = her.get(path).content.decode()
    assert "Waiting for you" in page
    assert "When was it?" in page
    assert "sam" not in page.replace("same", "")
    assert her.post(path, {"text": "Yesterday"}).status_code == 302
    assert "Yesterday" in her.get(path).content.decode()


def test_messages_of_a_client_are_counted(her, hers):
    path = f"/cases/{hers.reference}/"
    answers = [her.post(path, {"text": str(n)}).status_code for n in range(51)]
    assert answers == [302] * 50 + [429]


def test_a_full_case_says_so(her, hers, monkeypatch):
    monkeypatch.setattr(rules, "LETTERS_MAX", 1)
    response = her.post(f"/cases/{hers.reference}/", {"text": "more"})
    assert "This case is full" in response.content.decode()


def test_a_closed_case_has_a_reason_and_no_form(her, hers, sam):
    services.close(case=hers, staff=sam, origin=SYSTEM, reason="A known swindle")
    path = f"/cases/{hers.reference}/"
    page = her.get(path).content.decode()
    assert "A known swindle" in page
    assert "<textarea" not in page
    assert her.post(path, {"text": "more"}).status_code == 302
    assert Letter.objects.count() == 1


def test_a_reference_is_read_as_people_write_it(her, hers):
    assert her.get(f"/cases/{hers.shown.lower()}/").status_code == 200


def test_the_list_is_paged_by_key(her, alice, bob, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 2)
    mine = [services.open(user=alice, kind=Kind.CALL, origin=HERE) for _ in range(3)]
    theirs = services.open(user=bob, kind=Kind.CALL, origin=HERE)
    first = her.get("/cases/")
    assert [case for case, _ in first.context["rows"]] == [mine[2], mine[1]]
    rest = her.get(f"/cases/?after={first.context['more']}")
    assert [case for case, _ in rest.context["rows"]] == [mine[0]]
    assert theirs.shown not in rest.content.decode()
    assert her.get("/cases/?after=x").status_code == 200
    assert her.get(f"/cases/?after={'9' * 40}").status_code == 200


def test_pages_cost_few_queries(her, hers, counted_queries):
    her.get("/cases/")
    with counted_queries(most=3):
        her.get("/cases/")
    with counted_queries(most=4):
        her.get(f"/cases/{hers.reference}/")


def test_the_safety_page_is_for_everybody(client, db):
    page = client.get("/help/safety/").content.decode()
    for words in ("spyware", "pop-up", "call back", "internal reference", "address bar"):
        assert words in page


def test_references_of_nobody_are_not_there(her):
    for reference in (references.new(), "x", "4K7T-Q29", "%00", "A" * 300):
        assert her.get(f"/cases/{reference}/").status_code == 404
    assert Case.objects.count() == 0
