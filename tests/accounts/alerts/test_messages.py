"""Every message in every language and by every channel: complete, short enough, and harmless.

What one of them cannot say stands in ``WITHOUT``, by name and with the reason.
"""

import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import resolve
from django.utils import translation

from accounts.alerts import facts
from accounts.alerts.catalogue import CATALOGUE, Telephone
from accounts.audit.models import Entry
from accounts.freeze import links
from accounts.outbox import rendering, rules
from accounts.outbox.models import Channel
from accounts.users.models import User

FOLDER = Path(__file__).resolve().parents[3] / "templates" / "messages"
EVENTS = {alert.name: event for event, alert in CATALOGUE.items()}
NAMES = sorted(EVENTS)
BY_TEXT = sorted({a.name for a in CATALOGUE.values() if a.telephone is not Telephone.NONE})
LANGUAGES = ["en", "ja"]
PHRASE = "blue lantern"
NOW = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
NOT_ME = "https://portal.example/freeze/link/signed/"
DETAIL = {
    "phone": "+1 ... 01",
    "email": "a...@example.com",
    "method": "sms",
    "category": "cards",
    "staff": "Sam",
    "act": "unlock",
    "way": "email",
    "reference": "4K7TQ29M",
    "first": "2026-12-01",
    "last": "2026-12-20",
    "countries": ["JP", "FR"],
    "platform": "tws",
    "at": "2026-11-29T06:00:00+00:00",
    "name": "Portfolio report",
    "kind": "withdrawal",
    "amount": "25000.00",
    "currency": "USD",
    "until": "2026-11-27T15:00+00:00",
    "account": "U1000001",
    "opens_at": "2026-11-27T15:00+00:00",
    "calls": ["2026-11-26 10:00 UTC  GET /account  203.0.113.7"],
}
DUE = {"when": "26 Nov 2026, 10:00 EST (New York)", "entry_reference": "7-ABABAB"}

# What is sent without being an alert, and what its templates ask for.
OTHERS = {
    "activation": {"code": "493817", "username": "alice", "name": "Alice Example"},
    "digest": {
        **DUE,
        "name": "Alice Example",
        "since": "19 Nov 2026, 10:00 EST (New York)",
        "sign_ins": 4,
        "refused": 1,
        "changes": 2,
        "lines": [{"label": "Signed in", "times": 4, "last": "25 Nov 2026, 10:00 EST"}],
        "held": ["Withdrawals: Wait until 27 Nov 2026"],
        "head_number": 41,
        "head": "ab" * 32,
        "not_me_url": NOT_ME,
    },
    "passkey_demanded": {"name": "Alice Example", "username": "alice", "day": date(2027, 3, 1)},
    "spending_stopped": {
        "name": "Alice Example",
        "range": "+14155550 xxx",
        "sends": 20,
        "used": 0,
        "opened_at": NOW,
    },
    "staff_refused": {"name": "Alice Example", "staff": "sam", "what": "their role"},
    "webhook_gone": {"name": "Alice Example", "host": "hooks.broker.example"},
    "tls_weak": {
        "name": "Alice Example",
        "host": "portal.example",
        "findings": ["Its certificate ends soon."],
        "ends": "Dec. 12, 2026",
    },
    "recovery_code": {"code": "493817", "reference": "KMP"},
    "recovery_requested": {
        **DUE,
        "name": "Alice Example",
        "due": "29 Nov 2026, 10:00 EST (New York)",
        "address": "2001:db8::1",
        "device": "Chrome on Windows",
        "reference": "R7KD-2QXM-9PTA",
        "cancel_url": "https://portal.example/recover/cancel/signed/",
        "not_me_url": NOT_ME,
    },
    "security_code": {"code": "493817", "reference": "KMP"},
    "caller_code": {"code": "493817", "reference": "KMP"},
    "caller_reference": {"reference": "4K7TQ29M", "staff": "Sam"},
    "transaction_question": {"kind": "Withdrawal", "money": "25,000 US dollars", "what": "Nowhere"},
    "test_message": {},
    "user_name": {"name": "Alice Example", "username": "alice"},
    "unlock_code": {"code": "493817"},
}

# What goes to phones alone.
NOTIFICATIONS = {"approval_request", "test_notification"}
# What goes to a telephone alone, and what its templates ask for.
BY_TELEPHONE = {
    "temporary_passcode": {"code": "ABCD2345", "days": 2},
    "card_pin": {"code": "4827", "card": "…0001"},
}

MAILED = [name for name in (*NAMES, *OTHERS) if (FOLDER / name / "email.txt").exists()]

TO_STAFF = ("spending_stopped", "staff_refused", "tls_weak", "webhook_gone")
STAFF = "it goes to staff, and is about no account of theirs"
ASKED = "somebody sits before the page that asked for it, and it is over in minutes"
WITHOUT: dict[str, dict[str, str]] = {
    "phrase": {"activation": "before it nobody can have chosen one"},
    "name": {
        **dict.fromkeys(("recovery_code", "security_code", "unlock_code"), ASKED),
        "test_message": "its owner asked for it just now",
        "activation": "whoever reads it by mistake learns no name",
    },
    "when": {
        **dict.fromkeys(("recovery_code", "security_code", "unlock_code", "user_name"), ASKED),
        "test_message": "its owner asked for it just now",
        "activation": "nothing happened yet",
        **dict.fromkeys(TO_STAFF, STAFF),
        "passkey_demanded": "it tells of a day to come",
    },
    "where": {
        **dict.fromkeys(("recovery_code", "security_code", "unlock_code", "user_name"), ASKED),
        "test_message": "its owner asked for it just now",
        "activation": "nothing happened yet",
        **dict.fromkeys(TO_STAFF, STAFF),
        "passkey_demanded": "it tells of a day to come",
        "digest": "it tells of many events; the record has the place of each",
    },
    "reference": {
        **dict.fromkeys(("recovery_code", "security_code", "unlock_code", "user_name"), ASKED),
        "test_message": "its owner asked for it just now",
        "activation": "nothing happened yet",
        **dict.fromkeys(TO_STAFF, STAFF),
        "passkey_demanded": "it tells of a day to come",
        "digest": "the number of its entry stands for it",
    },
    "link": {
        **dict.fromkeys(("recovery_code", "security_code", "unlock_code", "user_name"), ASKED),
        "test_message": "its owner asked for it just now",
        "activation": "there is nothing to stop yet",
        **dict.fromkeys(TO_STAFF, STAFF),
        "passkey_demanded": "nobody did anything that could be stopped",
    },
}
NEVER = {"en": "never ask for your password", "ja": "パスワード"}
SSN = {"en": "social security number", "ja": "社会保障番号"}
CALL = "+1 415 555 0100"
HARMLESS = {"freeze_link", "contact_undo", "recover_cancel"}  # each takes away or restores, no more


class Reader(HTMLParser):
    """What somebody reads of a page, its links, and whether its elements close."""

    VOID = frozenset({"meta", "br", "img", "hr", "link", "input"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & {*self.open}:
            self.words.append(data)

    @property
    def text(self) -> str:
        return folded(" ".join(self.words))


def folded(text: str) -> str:
    """Without what only the layout makes different."""
    return re.sub(r"\s+", "", text)


def context_of(name: str, language: str, detail: dict) -> dict:
    if name in OTHERS | BY_TELEPHONE:
        return (OTHERS | BY_TELEPHONE)[name]
    if name in NOTIFICATIONS:
        return {}
    user = User(username="alice", name="Alice Example", language=language, zone="Asia/Tokyo", pk=7)
    entry = Entry(
        user=user,
        number=7,
        at=NOW,
        event=EVENTS[name],
        origin={"address": "2001:200::1", "agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0"},
        detail=DETAIL | detail,
        digest="ab" * 32,
    )
    with translation.override(language):
        said = facts.of(entry, name=name)
    return said | {"not_me_url": links.url(user, to="alice@example.com", at=NOW)}


def content(
    name: str,
    channel: Channel,
    language: str,
    to: str = "alice@example.com",
    phrase: str = PHRASE,
    **detail: object,
) -> dict:
    return rendering.content(
        channel,
        name,
        to=to,
        language=language,
        context=context_of(name, language, detail) | {"kind": "alert", "id": "7-ABABAB"},
        now=NOW,
        expires_at=NOW + timedelta(minutes=5),
        phrase=phrase,
    )


def test_every_message_is_an_alert_or_named_here():
    folders = {folder.name for folder in FOLDER.iterdir() if folder.is_dir()}
    assert folders == {*NAMES, *OTHERS, *BY_TELEPHONE, *NOTIFICATIONS}
    assert all(name in OTHERS and why for lacks in WITHOUT.values() for name, why in lacks.items())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*NAMES, *sorted(NOTIFICATIONS)])
def test_a_notification_is_one_sentence_that_anybody_may_read(name, language):
    """It stands on a locked screen."""
    told = content(name, Channel.PUSH, language)
    assert {"kind": told["kind"], "id": told["id"]} == {"kind": "alert", "id": "7-ABABAB"}
    assert 5 < len(told["text"]) <= 150
    for secret in (PHRASE, "alice", "Alice", "2001:200", "+1 ...", "a...@", "4K7T", "http"):
        assert secret not in told["text"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BY_TELEPHONE)
@pytest.mark.parametrize("to", ["+14155550101", "+819012345678"])
def test_a_secret_by_telephone_fits_one_text_message(name, language, to):
    code = BY_TELEPHONE[name]["code"]
    text = content(name, Channel.SMS, language, to)["text"]
    assert rules.is_one_segment(text)
    assert code in text
    assert "http" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BY_TELEPHONE)
def test_a_secret_is_spelt_once_a_key_is_pressed(name, language):
    spelt = ", ".join(BY_TELEPHONE[name]["code"])
    said = content(name, Channel.VOICE, language, "+14155550101")
    assert any(spelt in line for line in said["lines"])
    assert not any(spelt in line for line in said["greeting"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MAILED)
def test_a_mail_says_everything_and_asks_for_nothing(name, language, settings):
    """UX R53, NIST SP 800-63B-4, 4.6."""
    mail = content(name, Channel.EMAIL, language)
    page = Reader(mail["html"])
    assert not page.open
    assert not {"script", "form", "input", "img", "iframe", "link"} & page.tags
    assert f'lang="{language}"' in mail["html"]
    assert mail["subject"].startswith(settings.PORTAL_BRAND)
    assert "\n" not in mail["subject"]
    assert not re.search(r"[{}]|&#|&amp;|\bNone\b", mail["subject"] + mail["text"])
    said = {
        "name": ["Alice Example"],
        "when": ["(Tokyo)" if name in NAMES else "EST (New York)"],
        "where": ["Chrome", "Windows", "2001:"],
        "reference": ["7-ABABAB"],
        "phrase": [PHRASE],
    }
    for text in (folded(mail["text"]), page.text):
        for what, words in said.items():
            if name not in WITHOUT[what]:
                assert all(folded(word) in text for word in words), what
        for always in (
            *(settings.PORTAL_BRAND, settings.SUPPORT.legal_entity, CALL),
            *(NEVER[language], SSN[language]),
        ):
            assert folded(always) in text
    assert_same(mail["text"], page)
    assert_links(name, mail["text"], page)


def assert_same(text: str, page: Reader) -> None:
    """Every line of the text stands in the page, or is an address behind one of its links."""
    for line in text.splitlines():
        bare = folded(re.sub(r"^(- |\d\. )", "", line.strip()))
        assert bare in page.text or line.strip() in page.links, line


def assert_links(name: str, text: str, page: Reader) -> None:
    """No link but those that take away or restore; the same in both."""
    written = set(re.findall(r"https?://\S+", text))
    assert written == set(page.links)
    names = {resolve("/" + url.split("/", 3)[3]).url_name for url in written}
    assert names <= HARMLESS
    assert ("freeze_link" in names) is (name not in WITHOUT["link"])
    assert not re.search(r"www\.", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_an_alert_by_text_message_is_one_segment_and_no_code(name, language, settings):
    """Also one that has no words of its own: its owner may want every alert by text message."""
    to = "+819012345678" if language == "ja" else "+14155550101"
    text = content(name, Channel.SMS, language, to)["text"]
    assert rules.is_one_segment(text)
    assert not re.search(r"https?:|[{}]|[A-HJ-NP-Z]{3}-[0-9]{6}|\bNone\b", text)
    assert CALL in text
    assert text.startswith(settings.PORTAL_BRAND)
    # Left out only where it would not fit.
    without = content(name, Channel.SMS, language, to, phrase="")["text"]
    with translation.override(language):
        longer = rendering._with_phrase(without, PHRASE)
    assert text in {longer, without}
    assert (PHRASE in text) or not rules.is_one_segment(longer)


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(BY_TEXT)))
def test_only_what_goes_to_a_telephone_has_a_text_message_of_its_own(name):
    with pytest.raises(TemplateDoesNotExist):
        get_template(f"messages/{name}/sms.txt")


@pytest.mark.parametrize("phrase", ["", "kit", PHRASE, "x" * 30, "青い灯台", "čtyři řeky"])
@pytest.mark.parametrize("to", ["+14155550101", "+819012345678"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_by_text_message_is_one_segment_whatever_the_phrase(language, to, phrase, settings):
    """CONTRACT 3."""
    text = content("security_code", Channel.SMS, language, to, phrase)["text"]
    assert rules.is_one_segment(text)
    assert "KMP-493817" in text
    assert text.startswith(settings.PORTAL_BRAND)
    if to == "+14155550101":
        assert text.endswith(f"\n\n@{settings.PUBLIC_HOST} #493817")


def test_a_code_by_text_message_carries_a_short_phrase():
    text = content("security_code", Channel.SMS, "en", "+14155550101", "kit")["text"]
    assert "Your phrase: kit\n\n@" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [path.parent.name for path in FOLDER.glob("*/voice.txt")])
def test_a_call_says_who_we_are_and_the_phrase_before_anything_else(name, language, settings):
    said = content(name, Channel.VOICE, language)
    assert settings.PORTAL_BRAND in said["greeting"][0]
    assert PHRASE in said["greeting"][1]
    assert len(said["greeting"]) == 3
    without = content(name, Channel.VOICE, language, phrase="")
    assert without["greeting"] == [said["greeting"][0], said["greeting"][2]]
    assert without["lines"] == said["lines"]


@pytest.mark.parametrize(("left", "advised"), [(9, False), (3, True), (1, True), (0, True)])
def test_the_mail_about_a_backup_code_says_how_many_are_left(left, advised):
    mail = content("backup_code_used", Channel.EMAIL, "en", left=left)
    assert f"{left} code" in mail["text"]
    assert ("Make a new set soon" in mail["text"]) is advised


def test_the_mail_about_a_card_on_its_way_names_the_day_from_which_it_is_in_use():
    mail = content("card_shipped", Channel.EMAIL, "en", card="…0001", in_use_from="2026-12-09")
    assert "in use by itself from 9 December 2026 on" in mail["text"]
    assert "Security Card+ …0001 is on its way" in mail["html"]


def test_a_hostile_phrase_is_shown_as_text():
    html = content("password_changed", Channel.EMAIL, "en", phrase="<b>x</b>")["html"]
    assert "&lt;b&gt;x" in html
