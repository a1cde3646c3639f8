"""The code by mail: counted, spaced and shown alike for every name."""

import re

import pytest
from django.test import Client

from accounts.audit.models import Entry
from accounts.contacts.models import EmailAddress
from accounts.outbox.models import Message
from sls.recovery.models import Recovery
from tests.attacks.tools import other_than
from tests.recovering import begin, by_mail, heading, mailed, post


def try_code(client: Client, url: str, code: str) -> str:
    return client.post(f"{url}code/", {"code": code}).content.decode()


def test_mails_a_code_with_the_letters_of_the_page_and_without_a_link(client, bob):
    url = begin(client, "BOB ")
    message = Message.objects.get()
    text = message.content()["text"]
    assert (message.to, message.name) == ("bob@example.com", "recovery_code")
    letters = client.get(url).context["reference"]
    assert f"{letters}-{mailed(bob)}" in text
    assert "http" not in text


@pytest.mark.parametrize("write", ["{0}-{1}", "{1}", " {0} {1} "])
def test_takes_the_code_as_it_was_pasted(client, bob, write):
    url = begin(client, "bob")
    letters = client.get(url).context["reference"]
    post(client, f"{url}code/", code=write.format(letters, mailed(bob)))
    assert heading(client, url) == "Prove that it is you"


@pytest.mark.parametrize("name", ["bob", "nobody-at-all"])
def test_counts_five_wrong_codes_and_then_starts_again(client, bob, name):
    url = begin(client, name)
    wrong = other_than(mailed(bob)) if name == "bob" else "123456"
    for left in (4, 3, 2, 1):
        assert f"You can try {left} more time" in try_code(client, url, wrong)
    assert "That is 5 codes" in try_code(client, url, wrong)
    assert heading(client, url) == "Please start again"
    if name == "bob":
        assert client.post(f"{url}code/", {"code": mailed(bob)})["Location"] == url
        assert heading(client, url) == "Please start again"


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1234567"])
def test_counts_nothing_that_cannot_be_a_code(client, bob, typed):
    url = begin(client, "bob")
    try_code(client, url, typed)
    assert Recovery.objects.get().tries_left == 5


def test_judges_no_further_code_of_a_name_that_was_guessed_at(client, bob, clock):
    for _ in range(2):
        url = begin(client, "bob")
        for _ in range(5):
            try_code(client, url, other_than(mailed(bob)))
        clock.shift(3600)
    url = begin(client, "bob")
    assert Message.objects.filter(name="recovery_code").count() == 2
    assert Recovery.objects.latest("created_at").user is None
    assert "does not match" in try_code(client, url, "123456")


def test_counts_apart_for_a_browser_that_is_known(client, bob, sign_in, clock):
    sign_in(client, bob)
    client.post("/logout/")
    stranger = Client()
    for _ in range(2):
        url = begin(stranger, "bob")
        for _ in range(5):
            try_code(stranger, url, other_than(mailed(bob)))
        clock.shift(3600)
    by_mail(client, bob)


def test_sends_the_same_code_again_not_before_its_time_and_five_times(client, bob, clock):
    url = begin(client, "bob")
    code = mailed(bob)
    early = client.post(f"{url}again/")
    assert early.status_code == 429
    assert "Nothing was sent" in early.content.decode()
    clock.shift(31)
    post(client, f"{url}again/")
    newest = Message.objects.filter(name="recovery_code").latest("created_at")
    assert code in newest.content()["text"]
    for _ in range(3):
        clock.shift(61)
        post(client, f"{url}again/")
    clock.shift(61)
    assert client.post(f"{url}again/").status_code == 429
    assert Message.objects.filter(name="recovery_code").count() == 5


def test_does_not_use_up_what_the_address_gets_in_a_day(client, bob, clock):
    for _ in range(9):
        begin(Client(), "bob")
        clock.shift(301)
    assert Message.objects.filter(name="recovery_code").count() == 5


def test_goes_to_no_address_that_is_new(client, bob, clock):
    EmailAddress.objects.update(trusted_from="2099-01-01T00:00Z")
    begin(client, "bob")
    assert not Message.objects.exists()


def test_goes_to_an_older_address_while_the_primary_one_is_new(client, bob):
    EmailAddress.objects.update(trusted_from="2099-01-01T00:00Z")
    old = bob.emailaddresss.get()
    EmailAddress.objects.create(
        user=bob,
        address="old@example.com",
        created_at=old.created_at,
        verified_at=old.verified_at,
        trusted_from=old.created_at,
    )
    begin(client, "bob")
    assert Message.objects.get().to == "old@example.com"


def test_says_no_more_of_somebody_before_the_code_was_right(client, dai):
    page = client.get(begin(client, "dai")).content.decode()
    assert "Check your e-mail" in page  # not in the language of whoever has that name
    main = "<main" + page.partition("<main")[2].partition("</main>")[0]
    words = re.sub(r"<[^>]+>", " ", main)
    assert not re.search("(?i)dai|example|81 ", words)


def test_is_kept_in_the_audit_without_the_code(client, bob):
    by_mail(client, bob)
    entries = Entry.objects.filter(user=bob, event__startswith="recovery.")
    assert [entry.event for entry in entries.order_by("number")] == [
        "recovery.started",
        "recovery.proven",
    ]
    assert "code" not in str([entry.detail for entry in entries])
