"""What people receive: the texts, the call, the e-mail."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.outbox import checks, rendering, rules
from accounts.outbox.gateways import twiml
from accounts.outbox.models import Channel
from accounts.outbox.ports import VoiceScript
from tests.hook_receiver import certificate

CODE = re.compile(r"[A-HJ-NP-Z]{3}-[0-9]{6}")
LONGEST_BRAND = "Example Brokerage Client Portal"
LONGEST_HOST = "clients.portal.example-brokerage.com"


def made(channel, name="security_code", *, to="+14155550101", language="en", seconds=300, **more):
    now = timezone.now()
    return rendering.content(
        channel,
        name,
        to=to,
        language=language,
        context={"code": "493817", "reference": "KMP", **more},
        now=now,
        expires_at=now + timedelta(seconds=seconds),
    )


def test_the_text_names_the_firm_first_and_ends_with_the_host(settings):
    lines = made(Channel.SMS)["text"].split("\n")
    assert lines[0].startswith(settings.PORTAL_BRAND)
    assert lines[-1] == "@localhost #493817"
    assert lines[-2] == ""


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("to", ["+14155550101", "+819012345678"])
def test_the_text_holds_the_code_once_in_one_segment(settings, language, to):
    settings.PORTAL_BRAND, settings.PUBLIC_HOST = "Client Portal", "portal.example.com"
    text = made(Channel.SMS, language=language, to=to)["text"]
    assert CODE.findall(text) == ["KMP-493817"]
    assert rules.is_one_segment(text), rules.units(text)


def test_the_longest_names_fit_in_english(settings):
    settings.PORTAL_BRAND, settings.PUBLIC_HOST = LONGEST_BRAND, LONGEST_HOST
    text = made(Channel.SMS)["text"]
    length, room = rules.units(text)
    assert (room, length <= 160) == (160, True)
    assert "Do not share it" in text


def test_to_japan_no_line_with_an_address_is_sent():
    text = made(Channel.SMS, to="+819012345678")["text"]
    assert "@" not in text
    assert text.count("493817") == 1


def test_a_text_that_would_need_two_segments_is_cut_to_what_matters(settings):
    settings.PORTAL_BRAND = "Großbank Ärmelkanal – Wertpapiere"
    text = made(Channel.SMS)["text"]
    assert rules.is_one_segment(text)
    assert CODE.findall(text) == ["KMP-493817"]
    assert "Do not share" not in text


@pytest.mark.parametrize(("seconds", "said"), [(300, "valid 5 minutes."), (90, "valid 1 minute.")])
def test_the_text_says_how_long_the_code_lives(seconds, said):
    assert said in made(Channel.SMS, seconds=seconds)["text"]


def test_nothing_is_escaped_in_plain_text(settings):
    settings.PORTAL_BRAND = "A&B's"
    assert "A&B's:" in made(Channel.SMS)["text"]
    assert made(Channel.EMAIL)["subject"].startswith("A&B's")
    assert "A&amp;B" in made(Channel.EMAIL)["html"]


def test_the_test_message_holds_no_code():
    assert not CODE.search(made(Channel.SMS, "test_message")["text"])
    assert rules.is_one_segment(made(Channel.SMS, "test_message")["text"])


def test_the_call_greets_before_and_reads_after_the_key(settings):
    content = made(Channel.VOICE)
    assert settings.PORTAL_BRAND in content["greeting"][0]
    assert "4, 9, 3" not in " ".join(content["greeting"])
    assert content["lines"] == ["The letters are K, M, P.", "The code is 4, 9, 3, 8, 1, 7."]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_digits_are_spelt_as_digits_in_every_language(language):
    assert "4, 9, 3, 8, 1, 7" in made(Channel.VOICE, language=language)["lines"][1]


def test_the_code_is_not_in_the_subject_of_a_mail():
    content = made(Channel.EMAIL)
    assert "493817" not in content["subject"]
    assert "KMP-493817" in content["text"]
    assert "KMP-493817" in content["html"]


def test_a_code_without_letters_stands_alone():
    assert "\n    493817\n" in made(Channel.EMAIL, reference="")["text"]


def test_twiml_is_short_escaped_and_names_voice_and_language(settings):
    document = twiml.render(VoiceScript("ja", ("A & B <c>",), action="/twilio/voice/x/?turn=1"))
    assert len(document) < 4000
    assert '<Say language="ja-JP" voice="Polly.Kazuha-Neural">A &amp; B &lt;c&gt;</Say>' in document
    assert f'action="{settings.PUBLIC_BASE_URL}/twilio/voice/x/?turn=1"' in document
    assert document.startswith("<?xml")


def test_a_voice_may_be_left_to_twilio(settings):
    settings.TWILIO_VOICES = {"en": ("en-US", "none")}
    assert '<Say language="en-US">Hello</Say>' in twiml.render(VoiceScript("fr", ("Hello",)))


def test_without_an_action_the_call_just_ends():
    document = twiml.render(VoiceScript("en", ("Goodbye.",)))
    assert "Gather" not in document
    assert document.endswith("<Hangup/></Response>")


def test_the_start_is_refused_when_no_code_would_fit(settings):
    assert checks.text_messages() == []
    settings.PUBLIC_HOST = "a" * 180
    assert {error.id for error in checks.text_messages()} == {"outbox.E1"}


def test_the_start_is_refused_when_webhooks_could_trust_nobody(settings, tmp_path):
    assert checks.certificates() == []
    settings.WEBHOOK_CA_FILE = str(tmp_path / "ca.pem")
    assert [error.id for error in checks.certificates()] == ["outbox.E2"]
    (tmp_path / "ca.pem").write_text("no certificate")
    assert [error.id for error in checks.certificates()] == ["outbox.E2"]
    certificate(tmp_path).rename(tmp_path / "ca.pem")
    assert checks.certificates() == []


def test_a_host_that_twilio_refuses_is_warned_of(settings):
    assert checks.callback_host() == []
    settings.PUBLIC_HOST = "my_portal.example.com"
    assert [warning.id for warning in checks.callback_host()] == ["outbox.W1"]
