"""Every alert in every language: complete, short enough, and without a link."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import timezone, translation

from accounts.alerts import facts
from accounts.alerts.catalogue import CATALOGUE, Telephone
from accounts.audit.models import Entry
from accounts.outbox import rendering, rules
from accounts.outbox.models import Channel
from accounts.users.models import User

NAMES = sorted(alert.name for alert in CATALOGUE.values())
BY_TEXT = sorted(a.name for a in CATALOGUE.values() if a.telephone is not Telephone.NONE)
LANGUAGES = ["en", "ja"]
FOLDER = Path(__file__).resolve().parents[3] / "templates" / "messages"


def content(
    name: str, channel: Channel, language: str, to: str = "alice@example.com", **detail: object
) -> dict:
    user = User(username="alice", name="Alice Example", language=language, zone="Asia/Tokyo")
    entry = Entry(
        user=user,
        number=7,
        at=timezone.now(),
        event="x",
        origin={"address": "2001:db8::1", "agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0"},
        detail={"phone": "+1 ... 01", "email": "a...@example.com", "method": "sms"} | detail,
        digest="ab" * 32,
    )
    with translation.override(language):
        context = facts.of(entry, name=name)
    now = timezone.now()
    return rendering.content(
        channel,
        name,
        to=to,
        language=language,
        context=context,
        now=now,
        expires_at=now + timedelta(hours=1),
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_mail_is_whole_and_has_no_link(name, language):
    mail = content(name, Channel.EMAIL, language)
    for part in ("subject", "text", "html"):
        words = mail[part]
        assert words
        assert not re.search(r"https?:|href|www\.|<a\b", words)
        assert not re.search(r"[{}]|&amp;amp;|None", words)
    assert "\n" not in mail["subject"]
    assert "&#" not in mail["text"]
    assert f'lang="{language}"' in mail["html"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_mail_says_who_when_where_what_to_do_and_the_reference(name, language, settings):
    """NIST SP 800-63B-4, 4.6."""
    mail = content(name, Channel.EMAIL, language)
    for part in ("text", "html"):
        for said in (
            *(settings.PORTAL_BRAND, "Alice Example", settings.SUPPORT.legal_entity),
            *("(Tokyo)", "2001:db8::1", "Chrome", "Windows"),
            *("+1 415 555 0100", settings.PUBLIC_HOST, "7-ABABAB"),
        ):
            assert said in mail[part]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BY_TEXT)
def test_a_text_message_is_one_segment_and_no_code(name, language):
    to = "+819012345678" if language == "ja" else "+14155550101"
    text = content(name, Channel.SMS, language, to)["text"]
    assert rules.is_one_segment(text)
    assert not re.search(r"https?:|[{}]|[A-HJ-NP-Z]{3}-[0-9]{6}", text)
    assert "+1 415 555 0100" in text


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(BY_TEXT)))
def test_only_what_goes_to_a_telephone_has_a_text_message(name):
    with pytest.raises(TemplateDoesNotExist):
        get_template(f"messages/{name}/sms.txt")


@pytest.mark.parametrize(("left", "advised"), [(9, False), (3, True), (1, True), (0, True)])
def test_the_mail_about_a_backup_code_says_how_many_are_left(left, advised):
    mail = content("backup_code_used", Channel.EMAIL, "en", left=left)
    assert f"{left} code" in mail["text"]
    assert ("Make a new set soon" in mail["text"]) is advised


def test_the_mail_about_a_card_on_its_way_names_the_day_from_which_it_is_in_use():
    mail = content("card_shipped", Channel.EMAIL, "en", card="…0001", in_use_from="2026-12-09")
    assert "in use by itself from 9 December 2026 on" in mail["text"]
    assert "Security Card+ …0001 is on its way" in mail["html"]


# What is sent without being an alert, and what its templates ask for.
OTHERS = {
    "activation": {"code": "493817", "username": "alice", "name": "Alice Example"},
    "passkey_demanded": {"name": "Alice Example", "username": "alice", "day": date(2027, 3, 1)},
    "security_code": {"code": "493817", "reference": "KMP"},
    "test_message": {},
}
PARTS = {"sms.txt": Channel.SMS, "voice.txt": Channel.VOICE, "subject.txt": Channel.EMAIL}


def test_every_message_is_an_alert_or_named_here():
    assert {folder.name for folder in FOLDER.iterdir() if folder.is_dir()} == {*NAMES, *OTHERS}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", OTHERS)
def test_every_other_message_is_whole(name, language):
    now = timezone.now()
    for part, channel in PARTS.items():
        if not (FOLDER / name / part).exists():
            continue
        made = rendering.content(
            channel,
            name,
            to="+14155550101",
            language=language,
            context=OTHERS[name],
            now=now,
            expires_at=now + timedelta(minutes=5),
        )
        words = str([made[key] for key in made if key != "html"]) + made.get("html", "")
        assert words
        assert not re.search(r"https?:|[{}]|None", words)
