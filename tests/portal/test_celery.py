"""The worker knows its tasks, and a page never waits for a broker that is down."""

import time

import pytest
from kombu.exceptions import OperationalError

from portal.celery import app
from portal.tasks import heartbeat


@pytest.fixture(scope="module")
def tasks():
    app.loader.import_default_modules()
    return app.tasks


@pytest.mark.parametrize("name", sorted(app.conf.beat_schedule))
def test_beat_sends_only_what_a_worker_knows(tasks, name):
    assert app.conf.beat_schedule[name]["task"] in tasks


@pytest.mark.parametrize("url", ["redis://localhost:1/0", "redis+socket:///nowhere/socket"])
def test_publishing_without_a_broker_fails_at_once(url):
    begun = time.monotonic()
    with app.connection(url) as link, pytest.raises(OperationalError):
        heartbeat.apply_async(connection=link)
    assert time.monotonic() - begun < 1


def test_a_task_that_dies_with_its_worker_returns():
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost


def test_no_result_is_kept(tasks):
    assert app.conf.task_ignore_result
