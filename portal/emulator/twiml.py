"""TwiML read into plain values. Pure: no clock, no network, no Django.

Say, Pause, Gather (dtmf), Redirect, Hangup, Play and Reject for calls; Message for answers to an
inbound SMS. An unknown verb ends the call at Twilio, so here it makes the document unreadable.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

DOCUMENT_MOST = 64 * 1024
SAY_MOST = 4096
_SPELT = {"digits", "characters", "spell-out", "telephone"}


class Unreadable(ValueError):
    """The document is no TwiML; ``code`` is Twilio's warning, the text says what is wrong."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code


@dataclass(frozen=True)
class Say:
    """Speaks ``text`` ``loop`` times; 0 is for ever."""

    text: str
    language: str = "en-US"
    voice: str = "man"
    loop: int = 1


@dataclass(frozen=True)
class Pause:
    """Silence, in seconds."""

    seconds: int = 1


@dataclass(frozen=True)
class Play:
    """A sound, or keys that are pressed towards the handset."""

    url: str = ""


@dataclass(frozen=True)
class Gather:
    """Keys, while and after ``prompts``; ``timeout`` seconds of silence end it.

    ``num_digits`` 0 is without limit; ``finish_on_key`` ends it and is not part of the digits.
    """

    prompts: tuple["Say | Pause | Play", ...] = ()
    action: str = ""
    method: str = "POST"
    timeout: int = 5
    num_digits: int = 0
    finish_on_key: str = "#"
    even_empty: bool = False
    hears_keys: bool = True


@dataclass(frozen=True)
class Redirect:
    """Goes on with another document."""

    url: str
    method: str = "POST"


@dataclass(frozen=True)
class Hangup:
    """Ends the call; so does Reject, which is meant for calls that come in."""


Verb = Say | Pause | Play | Gather | Redirect | Hangup


def parse(document: str) -> list[Verb]:
    """The verbs in order; raises ``Unreadable``."""
    return [_verb(element) for element in _response(document)]


def replies(document: str) -> list[str]:
    """The texts of the Message verbs; raises ``Unreadable`` on anything that is no TwiML."""
    if not document.strip():
        return []
    texts = []
    for element in _response(document):
        if element.tag == "Message":
            body = element.find("Body")
            texts.append(_words(element if body is None else body))
    return [text for text in texts if text]


def _response(document: str) -> ET.Element:
    if len(document) > DOCUMENT_MOST:
        raise Unreadable(11750, "The document is longer than 64 kB.")
    # Entities could blow a small document up without end; TwiML has none.
    if "<!DOCTYPE" in document or "<!ENTITY" in document:
        raise Unreadable(12100, "The document declares a type.")
    try:
        root = ET.fromstring(document.strip())  # noqa: S314
    except ET.ParseError as error:
        raise Unreadable(12100, f"The document cannot be parsed: {error}.") from None
    if root.tag != "Response":
        raise Unreadable(12102, "The root is not Response.")
    return root


def _verb(element: ET.Element) -> Verb:
    make = _VERBS.get(element.tag)
    if not make:
        raise Unreadable(12200, f"Unknown verb {element.tag}.")
    return make(element)


def _say(element: ET.Element) -> Say:
    text = _words(element)
    if len(text) > SAY_MOST:
        raise Unreadable(13520, "Say is longer than 4096 characters.")
    return Say(
        text=text,
        language=element.get("language", "en-US"),
        voice=element.get("voice", "man"),
        loop=_whole(element, "loop", 1),
    )


def _gather(element: ET.Element) -> Gather:
    prompts = []
    for child in element:
        prompt = _verb(child)
        if not isinstance(prompt, Say | Pause | Play):
            raise Unreadable(12200, f"{child.tag} cannot stand in Gather.")
        prompts.append(prompt)
    return Gather(
        prompts=tuple(prompts),
        action=element.get("action", ""),
        method=_method(element),
        timeout=_whole(element, "timeout", 5),
        num_digits=_whole(element, "numDigits", 0),
        finish_on_key=element.get("finishOnKey", "#"),
        even_empty=element.get("actionOnEmptyResult", "false").lower() == "true",
        hears_keys="dtmf" in element.get("input", "dtmf"),
    )


def _redirect(element: ET.Element) -> Redirect:
    return Redirect(_words(element), _method(element))


def _method(element: ET.Element) -> str:
    return "GET" if element.get("method", "POST").upper() == "GET" else "POST"


def _whole(element: ET.Element, name: str, default: int) -> int:
    value = element.get(name, "")
    if not value:
        return default
    if not re.fullmatch(r"[0-9]{1,6}", value):
        raise Unreadable(12200, f"{name} of {element.tag} is no number.")
    return int(value)


def _words(element: ET.Element) -> str:
    """The text as the ear gets it: SSML marks fall away, digits that are spelt stand apart."""
    parts = [element.text or ""]
    for child in element:
        text = _words(child)
        if child.tag == "say-as" and child.get("interpret-as") in _SPELT:
            text = ", ".join(text.replace(" ", ""))
        if child.tag == "sub":
            text = child.get("alias", text)
        # A break, a sentence or a paragraph parts words.
        space = " " if child.tag in {"break", "s", "p"} else ""
        parts.append(space + text + space + (child.tail or ""))
    return " ".join("".join(parts).split())


_VERBS: dict[str, Callable[[ET.Element], Verb]] = {
    "Say": _say,
    "Pause": lambda element: Pause(_whole(element, "length", 1)),
    "Play": lambda element: Play(_words(element)),
    "Gather": _gather,
    "Redirect": _redirect,
    "Hangup": lambda element: Hangup(),
    "Reject": lambda element: Hangup(),
}
