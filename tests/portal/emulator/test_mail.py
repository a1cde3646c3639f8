"""Mail comes in by SMTP and is read by address."""

import smtplib


def test_a_mail_is_read_by_its_address(mail, inbox):
    mail(text="Your code is 493817.\nBye.\n", html="<p>Your code is <b>493817</b>.</p>")
    (read,) = inbox()
    assert read.keys() == {"from", "subject", "text", "html", "at"}
    assert read["from"] == "Portal <portal@example.com>"
    assert read["subject"] == "ご確認 – code"
    assert read["text"] == "Your code is 493817.\nBye.\n"
    assert "<b>493817</b>" in read["html"]
    assert read["at"].endswith("Z")


def test_newest_first_and_the_case_of_an_address_does_not_matter(mail, inbox):
    mail(subject="one")
    mail(subject="two", to="ALICE@Example.com")
    assert [read["subject"] for read in inbox("Alice@example.com")] == ["two", "one"]


def test_an_unknown_mailbox_is_empty(inbox):
    assert inbox("nobody@example.com") == []


def test_every_recipient_gets_it(mail, inbox):
    mail(to="alice@example.com, bob@example.com")
    assert len(inbox("alice@example.com")) == len(inbox("bob@example.com")) == 1


def test_an_unknown_character_set_is_still_shown(emulator, inbox):
    raw = b"Subject: x\r\nContent-Type: text/plain; charset=klingon\r\n\r\nHello\r\n"
    with smtplib.SMTP("localhost", emulator.smtp_port, timeout=10) as link:
        link.sendmail("a@example.com", ["alice@example.com"], raw)
    assert "Hello" in inbox()[0]["text"]


def test_the_html_is_fenced_in(mail, http, emulator):
    mail(html="<script>alert(1)</script><p>Hi</p>")
    page = http.get(f"{emulator.base_url}/mail/alice@example.com/").text
    assert "<script>alert" not in page
    path = page.split('<iframe src="')[1].split('"')[0]
    answer = http.get(emulator.base_url + path)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_plain_mail_has_no_html(mail, http, emulator):
    mail(html="")
    assert "<iframe" not in http.get(f"{emulator.base_url}/mail/alice@example.com/").text
