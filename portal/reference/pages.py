"""The description of the API as values for the page."""

import inspect
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from accounts.outbox.hooks import verifying
from accounts.problems import KINDS
from portal import hooks_described
from portal.openapi import TAGS
from portal.stories import STORIES, Call

Json = dict[str, Any]
BASE = "https://portal.example/api/v1"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is sent or told."""

    name: str
    kind: str
    needed: bool
    about: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation may answer."""

    status: str
    about: str
    fields: list[Field]


@dataclass(frozen=True, slots=True)
class Operation:
    """One call."""

    anchor: str
    method: str
    path: str
    title: str
    about: str
    token: str
    headers: list[Field]
    sent: list[Field]
    answers: list[Answer]


@dataclass(frozen=True, slots=True)
class Group:
    """Operations of one kind."""

    anchor: str
    name: str
    about: str
    operations: list[Operation]


@dataclass(frozen=True, slots=True)
class Example:
    """One call of a story, as it is typed and answered."""

    title: str
    sent: str
    status: int
    answered: str


_TOKENS = {
    "SessionToken": "the token of a session",
    "Token": "the token of a program",
    "ServiceToken": "the token of a system of the brokerage",
    "Signed": "a signature of the phone",
}


def groups(schema: Json) -> list[Group]:
    """All operations, in the order of ``TAGS``."""
    found: dict[str, list[Operation]] = {name: [] for name in TAGS}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][0]].append(_operation(path, method, operation, schema))
    return [
        Group(_anchor(name), name, about, found[name])
        for name, about in TAGS.items()
        if found[name]
    ]


def stories() -> Iterator[tuple[str, str, list[Example]]]:
    """Name and meaning of each story, and its calls."""
    for story in STORIES:
        yield story.name, story.about, [_example(call) for call in story.calls]


def shapes(schema: Json) -> list[tuple[str, str, list[Field]]]:
    """Name, meaning and fields of whatever is told within an answer."""
    return [
        (name, one.get("description", "").replace("\n", " ").replace("``", ""), found)
        for name, one in schema["components"]["schemas"].items()
        if (found := _fields(one, schema))
    ]


def problems() -> list[tuple[str, str]]:
    """Every kind of problem, and what it means."""
    return [(kind, about.replace("``", "")) for kind, about in KINDS.items()]


def _operation(path: str, method: str, operation: Json, schema: Json) -> Operation:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    [security] = operation.get("security", [{}])
    return Operation(
        anchor=_anchor(f"{method} {path.removeprefix('/api/v1/')}"),
        method=method.upper(),
        path=path,
        title=operation["summary"],
        about=operation.get("description", "").replace("\n", " "),
        token=_TOKENS.get(next(iter(security), ""), ""),
        headers=[_header(one) for one in operation["parameters"] if one["in"] != "path"],
        sent=_fields(body.get("schema", {}), schema),
        answers=[_answer(status, one, schema) for status, one in operation["responses"].items()],
    )


def _header(parameter: Json) -> Field:
    about = parameter.get("description", "")
    return Field(parameter["name"], _kind(parameter["schema"], {}), parameter["required"], about)


def _answer(status: str, answer: Json, schema: Json) -> Answer:
    content = answer.get("content", {}).get("application/json", {})
    return Answer(status, answer["description"], _fields(content.get("schema", {}), schema))


def _fields(of: Json, schema: Json) -> list[Field]:
    shape = _resolved(of, schema)
    if "oneOf" in shape:
        return []
    needed = shape.get("required", [])
    return [
        Field(name, _kind(one, schema), name in needed, one.get("description", ""))
        for name, one in shape.get("properties", {}).items()
    ]


def _resolved(of: Json, schema: Json) -> Json:
    if "$ref" not in of:
        return of
    return schema["components"]["schemas"][of["$ref"].rpartition("/")[2]]


def _kind(of: Json, schema: Json) -> str:
    """The type of a value in words."""
    if "$ref" in of:
        return of["$ref"].rpartition("/")[2]
    for word in ("anyOf", "oneOf"):
        if word in of:
            return " or ".join(dict.fromkeys(_kind(one, schema) for one in of[word]))
    if "const" in of:
        return json.dumps(of["const"])
    if "enum" in of:
        return " or ".join(json.dumps(one) for one in of["enum"])
    if of.get("type") == "array":
        return f"list of {_kind(of.get('items', {}), schema)}"
    return of.get("format", "").replace("date-time", "time") or of.get("type", "anything")


def _example(call: Call) -> Example:
    lines = [f"curl -X {call.method} {BASE}{call.path}"]
    lines += [f"-H '{name}: {value}'" for name, value in call.headers.items()]
    if call.body is not None:
        lines += ["-H 'Content-Type: application/json'", f"-d '{_pretty(call.body)}'"]
    answered = _pretty(call.answer) if call.answer is not None else ""
    return Example(call.title, " \\\n  ".join(lines), call.status, answered)


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _anchor(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def events(schema: Json) -> list[tuple[str, str, str]]:
    """Name, meaning and an example of each event that is posted."""
    return [
        (kind, one["post"]["description"], _pretty(hooks_described.example(kind)))
        for kind, one in schema["webhooks"].items()
    ]


def event_headers() -> list[Field]:
    """What comes with each event besides its body."""
    told = {"Portal-Signature": hooks_described.SIGNATURE, "Portal-Event-Id": hooks_described.ID}
    return [Field(name, "string", True, about) for name, about in told.items()]


def verifier() -> str:
    """What a receiver does with an event, to be copied."""
    return inspect.getsource(verifying)
