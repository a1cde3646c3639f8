"""One JSON object a line, with the request's id, and masked before it is written.

Nothing that identifies a person or opens a door leaves the process by the log: telephone
numbers, e-mail addresses, codes, tokens and the secret path segment of a sign-in attempt are
masked in every text of every record, whatever logger wrote it, tracebacks included.
"""

import logging
import logging.config
import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # The secret of a sign-in, an activation (of a user, of a phone), an unlocking or a way back;
    # enough stays to join the lines of one of them.
    (
        re.compile(
            r"((?:/|%2F)(?:login|activate|activations|unlock|recover(?:(?:/|%2F)cancel)?)(?:/|%2F)[\w-]{6})[\w-]{6,}",
            re.IGNORECASE,
        ),
        r"\1…",
    ),
    # What undoes a change or stops everything, and what shows that or a kit; its number stays.
    (
        re.compile(
            r"((?:/|%2F)(?:undo|kit|freeze(?:/|%2F)(?:link|receipt))(?:/|%2F)[\w-]{4})[\w:%-]+",
            re.IGNORECASE,
        ),
        r"\1…",
    ),
    # What staff look for is a name, a number or an address of somebody.
    (re.compile(r"((?:[?&]|%3F|%26)q(?:=|%3D))[^\s&\"']+", re.IGNORECASE), r"\1…"),
    (re.compile(r"[\w.+%-]+(?:@|%40)([\w-]+(?:\.[\w-]+)+)"), r"…@\1"),
    # Reference and code; then a code standing alone, also grouped.
    (re.compile(r"\b([A-HJ-NP-Z]{3})-[0-9]{6}\b"), r"\1-…"),
    (re.compile(r"(?:\+|%2B)[0-9][0-9 ()-]{5,18}([0-9]{2})\b"), r"+…\1"),
    (re.compile(r"(?<![\w.:-])[0-9]{3}[ -]?[0-9]{3}(?![\w:-]|\.\w)"), "…"),
    (
        re.compile(
            r"((?:password|passwd|passphrase|secret|token|code|pin|authorization|cookie|signature|next)"
            r"[\"']?\s*[=:]\s*[\"']?)[^\s&\"',;}]+",
            re.IGNORECASE,
        ),
        r"\1…",
    ),
)
_SECRET_NAMES = re.compile(
    r"password|phrase|secret|token|^code$|_code$|^pin$|answer|authorization|cookie|body",
    re.IGNORECASE,
)
# Written by the log itself; a digit run in them is no code.
_OWN_FIELDS = {"timestamp", "level", "logger", "request_id", "task_id", "status"}


def mask(text: str) -> str:
    """``text`` without telephone numbers, e-mail names, codes, secrets and attempts."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {
            key: "…" if _is_secret(str(key), inner) else _masked(inner)
            for key, inner in value.items()
        }
    if isinstance(value, (list, tuple, set)):
        return [_masked(inner) for inner in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return mask(str(value))


def _is_secret(name: str, value: Any) -> bool:
    # Under "code" the log of requests writes the status of the answer.
    is_status = name == "code" and value in range(100, 600)
    return bool(_SECRET_NAMES.search(name)) and not is_status


def masked(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """The structlog processor: masks every field of the record."""
    own = {name: event.pop(name) for name in _OWN_FIELDS & event.keys()}
    return {**own, **_masked(event)}


_SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configuration(*, level: str, form: str) -> dict[str, Any]:
    """Django's ``LOGGING``: everything to standard error as ``json`` or, for eyes, ``text``."""
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "masked": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [structlog.stdlib.PositionalArgumentsFormatter(), *_SHARED],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    masked,
                    renderer,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "masked"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would write a second, unmasked line.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            # What the client got wrong is in "request_finished" already; here, with a traceback.
            "django.request": {"level": "ERROR"},
            # One traceback for each request with a wrong Host would let anybody flood the log.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # Prints the whole context of a page at DEBUG.
            "django.template": {"level": "INFO"},
            # Names requests line by line with the numbers in their addresses.
            "twilio.http_client": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
        },
    }


def configure(settings: dict[str, Any]) -> None:
    """Django's ``LOGGING_CONFIG``: the standard library and structlog together."""
    logging.config.dictConfig(settings)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
