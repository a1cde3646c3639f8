"""What identifies a person or opens a door never reaches the log."""

import io
import json
import logging

import pytest
import structlog

from portal import logs

ATTEMPT = "Zk3vQ9x0pLr7mN2sT5uW8yB1dF4gH6jK"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("sent to +14155550101", "4155550"),
        ("sent to +1 415-555 0101 now", "555"),
        ("GET /phone/%2B14155550101/", "4155550"),
        ("mail to alice@example.com", "alice"),
        ("?email=alice%40example.com", "alice"),
        ("Your code is KMP-493817", "493817"),
        ("code 493817 was wrong", "493817"),
        ("typed 493 817", "493 817"),
        ("Your code is 493817.", "493817"),
        (f"POST /login/{ATTEMPT}/answer/", ATTEMPT[6:]),
        (f"POST /activate/{ATTEMPT}/password/", ATTEMPT[6:]),
        (f"from %2Factivate%2f{ATTEMPT}%2Fnumber%2F", ATTEMPT[6:]),
        (f"POST /recover/{ATTEMPT}/password/", ATTEMPT[6:]),
        (f"POST /api/v1/ib-key/activations/{ATTEMPT}/finish", ATTEMPT[6:]),
        ("GET /console/clients/?q=Tanaka+Hanako", "Tanaka"),
        ("GET /console/clients/?page=2&q=Tanaka%20Hanako&open=1", "Hanako"),
        ("from %2Fconsole%2Fclients%2F%3Fq%3DTanaka", "Tanaka"),
        ("GET /recover/cancel/R7KD2QXM9PTA:abcdefgh/", "2QXM9PTA"),
        ("GET /undo/WzEsMl0:kT3qSIGNATURE/", "SIGNATURE"),
        ("GET /kit/WzEsMl0:kT3qSIGNATURE/", "SIGNATURE"),
        ("next %2Fundo%2FWzEsMl0%3AkT3qSIGNATURE%2F", "SIGNATURE"),
        ("password=lantern-orbit-cactus-42", "lantern"),
        ('{"token": "abcdef"}', "abcdef"),
        ("Authorization: Bearer-abc", "Bearer-abc"),
        ("GET /login/?next=/settings/secret", "/settings/secret"),
    ],
)
def test_masks(text, secret):
    assert secret not in logs.mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "GET /settings/communication/phones/",
        "request 3b194432-911c-4e0a-8e1c-aac5e0f2f10e finished",
        "2026-11-21T07:03:23.273163Z",
        "GET /login/",
        "POST /activate/resend/",
        "GET /recover/status/",
        "GET /recover/device/",
        "POST /api/v1/ib-key/activations",
        "GET /help/?faq=cards",
        "took 123.456789 s",
    ],
)
def test_leaves_the_rest_as_it_is(text):
    assert logs.mask(text) == text


def test_keeps_enough_to_join_the_lines_of_one_attempt():
    assert logs.mask(f"/login/{ATTEMPT}/status/") == f"/login/{ATTEMPT[:6]}…/status/"


@pytest.fixture
def written():
    """Logs once as production does and returns the JSON objects that were written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    configuration = logs.configuration(level="INFO", form="json")["formatters"]["masked"]
    factory = dict(configuration)
    handler.setFormatter(factory.pop("()")(**factory))
    logger = logging.getLogger("portal.test")
    logger.addHandler(handler)
    logger.setLevel("INFO")
    logger.propagate = False

    def read() -> list[dict]:
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    yield logger, read
    logger.removeHandler(handler)
    logger.propagate = True


def test_writes_one_masked_object_a_line(written):
    logger, read = written
    logger.info("code %s for %s\nforged: line", "493817", "alice@example.com")
    (line,) = read()
    assert line["event"] == "code … for …@example.com\nforged: line"
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")


def test_carries_the_id_of_the_request(written):
    logger, read = written
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        logger.info("hello")
    assert read()[0]["request_id"] == "r-1"


def test_masks_tracebacks(written):
    logger, read = written
    try:
        raise ValueError("cannot call +14155550101 with 493817")
    except ValueError:
        logger.exception("failed")
    text = json.dumps(read())
    assert "Traceback" in text
    assert "4155550101" not in text
    assert "493817" not in text


def test_masks_fields_by_their_name(written):
    logger, read = written
    structlog.wrap_logger(
        logger, processors=[structlog.stdlib.ProcessorFormatter.wrap_for_formatter]
    ).info("x", details={"password": "p", "answer": "q", "kept": "r"}, mails=["bob@example.com"])
    assert read()[0]["details"] == {"password": "…", "answer": "…", "kept": "r"}


def test_a_security_code_is_masked_and_a_status_is_not():
    assert logs.masked(None, "", {"code": 404})["code"] == 404
    assert logs.masked(None, "", {"code": 493817})["code"] == "…"
    assert logs.masked(None, "", {"code": "493817"})["code"] == "…"
