"""``/healthz`` while the process serves; ``/readyz`` when it can do its work."""

import json

import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import RequestFactory

from portal import health
from portal.celery import app
from portal.tasks import heartbeat
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db


def readyz():
    response = health.readyz(RequestFactory().get("/readyz"))
    return response.status_code, json.loads(response.content)["failing"]


def test_is_ready_when_all_answer():
    health.beat()
    assert readyz() == (200, [])


def test_names_a_missing_worker():
    assert readyz() == (503, ["worker"])


def test_an_old_heartbeat_does_not_count():
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as clock:
        health.beat()
        clock.shift(19)
        assert readyz() == (200, [])
        clock.shift(1)
        assert readyz() == (503, ["worker"])


def test_names_a_missing_database():
    health.beat()

    def gone(*_args):
        raise OperationalError

    with connection.execute_wrapper(gone):
        assert readyz() == (503, ["database"])


def test_names_a_missing_cache(monkeypatch):
    def gone(*_args):
        raise ConnectionError

    monkeypatch.setattr(cache, "get", gone)
    assert readyz() == (503, ["cache", "worker"])


def test_names_a_missing_broker(monkeypatch):
    health.beat()
    monkeypatch.setattr(
        app, "connection_for_write", lambda: app.connection("redis://localhost:1/0")
    )
    assert readyz() == (503, ["broker"])


def test_the_worker_beats(worker):
    heartbeat.delay()
    wait_until(lambda: readyz() == (200, []))


def test_is_healthy_without_anything():
    response = health.healthz(RequestFactory().get("/healthz"))
    assert (response.status_code, response.content) == (200, b"ok\n")
