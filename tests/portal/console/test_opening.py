"""Accounts opened at the console, one or many."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.outbox.models import Message
from accounts.users.models import User

pytestmark = pytest.mark.django_db
HEAD = "username,name,email,mobile,account,language,entity\n"
ONE = "erin,Erin Vale,erin@example.com,+14155550121,U1000021,en,US\n"
TWO = "finn,Finn Roe,finn@example.com,+14155550122,U1000022,,\n"
BAD = "x,,nobody,12,U1,xx,ZZ\n"
WHERE = "/console/accounts/import/"


def test_one_account_is_opened_and_its_owner_gets_a_code(agent):
    fields = {
        "username": "erin",
        "name": "Erin Vale",
        "email": "erin@example.com",
        "mobile": "+14155550121",
        "account": "U1000021",
        "language": "en",
        "entity": "",
    }
    assert agent.post("/console/accounts/open/", fields)["Location"] == "/console/clients/erin/"
    assert Message.objects.get(name="activation").to == "erin@example.com"
    again = agent.post("/console/accounts/open/", fields)
    assert "erin already" in again.content.decode()


def test_a_table_is_tried_first_and_leaves_nothing(agent):
    page = agent.post(WHERE, {"table": HEAD + ONE + TWO, "step": "try"})
    assert "Every line is fine" in page.content.decode()
    assert not User.objects.filter(username="erin").exists()
    assert not Message.objects.filter(name="activation").exists()
    assert agent.post(WHERE, {"table": HEAD + ONE + TWO, "step": "open"}).status_code == 302
    assert User.objects.filter(username__in=("erin", "finn")).count() == 2


def test_one_wrong_line_opens_nothing_and_is_named(agent):
    page = agent.post(WHERE, {"table": HEAD + ONE + BAD, "step": "open"}).content.decode()
    assert "Line 3" in page
    assert not User.objects.filter(username="erin").exists()


@pytest.mark.parametrize("name", ["x" * 121, "Erin\0Vale", "Erin\u202eVale"])
def test_a_name_that_no_table_takes_is_a_wrong_line(agent, name):
    file = SimpleUploadedFile("a.csv", (HEAD + ONE.replace("Erin Vale", name)).encode())
    page = agent.post(WHERE, {"file": file, "step": "open"})
    assert page.status_code == 200
    assert not User.objects.filter(username="erin").exists()


def test_a_file_is_read_too(agent):
    file = SimpleUploadedFile("a.csv", ("\ufeff" + HEAD + ONE).encode())
    page = agent.post(WHERE, {"file": file, "step": "try"})
    assert "Every line is fine" in page.content.decode()


@pytest.mark.parametrize(
    "table", ["", "a,b\n1,2\n", HEAD, HEAD + '"never closed\n', HEAD + "only,two\n"]
)
def test_what_is_no_such_table_is_said(agent, table):
    page = agent.post(WHERE, {"table": table, "step": "open"})
    assert page.status_code == 200
    assert User.objects.filter(is_staff=False).count() == 0


def test_a_file_that_is_no_text_is_said(agent):
    file = SimpleUploadedFile("a.csv", b"\xff\xfe\x00\x01")
    page = agent.post(WHERE, {"file": file, "step": "try"}).content.decode()
    assert "no text in UTF-8" in page
