"""TwiML as plain values."""

import pytest

from portal.emulator.twiml import (
    Gather,
    Hangup,
    Pause,
    Play,
    Redirect,
    Say,
    Unreadable,
    parse,
    replies,
)


def one(inner: str) -> object:
    (verb,) = parse(f'<?xml version="1.0" encoding="UTF-8"?><Response>{inner}</Response>')
    return verb


@pytest.mark.parametrize(
    ("inner", "verb"),
    [
        ("<Say>Hello\n  you</Say>", Say("Hello you")),
        (
            '<Say language="ja-JP" voice="Polly.Kazuha-Neural" loop="2">よん</Say>',
            Say("よん", "ja-JP", "Polly.Kazuha-Neural", 2),
        ),
        ("<Pause/>", Pause(1)),
        ('<Pause length="3"/>', Pause(3)),
        ("<Play>https://example.com/a.mp3</Play>", Play("https://example.com/a.mp3")),
        ('<Redirect method="GET">/x</Redirect>', Redirect("/x", "GET")),
        ("<Hangup/>", Hangup()),
        ('<Reject reason="busy"/>', Hangup()),
        (
            '<Gather numDigits="1" timeout="7" action="/a" finishOnKey="*"><Say>Hi</Say></Gather>',
            Gather((Say("Hi"),), "/a", timeout=7, num_digits=1, finish_on_key="*"),
        ),
        ('<Gather input="speech"/>', Gather(hears_keys=False)),
        ('<Gather actionOnEmptyResult="true"/>', Gather(even_empty=True)),
    ],
)
def test_reads(inner, verb):
    assert one(inner) == verb


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ('<say-as interpret-as="digits">493817</say-as>', "4, 9, 3, 8, 1, 7"),
        ('<prosody rate="slow">4, 9</prosody>', "4, 9"),
        ('One<break time="1s"/>two', "One two"),
        ('<sub alias="World">W</sub>', "World"),
        ("<s>One.</s><s>Two.</s>", "One. Two."),
        ("4, 9, 3, 8, 1, 7", "4, 9, 3, 8, 1, 7"),
    ],
)
def test_a_say_is_what_the_ear_gets(inner, text):
    assert one(f"<Say>{inner}</Say>").text == text


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", 12100),
        ("<Response>", 12100),
        ("<html/>", 12102),
        ("<Response><Dial/></Response>", 12200),
        ("<Response><Gather><Hangup/></Gather></Response>", 12200),
        ("<Response><Pause length='x'/></Response>", 12200),
        ("<!DOCTYPE a><Response/>", 12100),
        ("<Response>" + "<Pause/>" * 9000 + "</Response>", 11750),
        ("<Response><Say>" + "x" * 4097 + "</Say></Response>", 13520),
    ],
)
def test_refuses(document, code):
    with pytest.raises(Unreadable) as raised:
        parse(document)
    assert raised.value.code == code


def test_an_answer_to_an_sms_may_hold_messages():
    document = "<Response><Message>One</Message><Message><Body>Two</Body></Message></Response>"
    assert replies(document) == ["One", "Two"]
    assert replies("") == replies("<Response/>") == []
