"""A worker killed between handing over and writing it down, and a broker that is away."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.utils import timezone

from accounts.outbox import services, tasks
from accounts.outbox.models import Channel, Message, Status
from accounts.outbox.queue import publish
from accounts.outbox.sweep import sweep
from portal.celery import app
from tests import broker
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
TO = "+14155550101"


def queue():
    return services.enqueue(
        user=None,
        channel=Channel.SMS,
        name="security_code",
        to=TO,
        language="en",
        context={"code": "493817", "reference": "KMP"},
        expires_at=timezone.now() + timedelta(minutes=5),
        is_code=True,
    )


def database_url():
    """The address of the database of this test run."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


@pytest.fixture
def worker_process(transactional_db, emulator, tmp_path):
    """A worker as production runs it, in a process of its own."""
    with open(tmp_path / "worker.log", "wb") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "-A", "portal", "worker"),
                *("--pool", "threads", "--concurrency", "2"),
                *("--without-gossip", "--without-mingle"),
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": database_url(),
                "TWILIO_API_BASE": emulator.base_url,
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        yield process
        if process.poll() is None:
            process.kill()
        process.wait()
    app.control.purge()


def test_a_worker_killed_after_the_post_leads_to_no_second_message(wire, worker_process):
    wire.fault("callbacks", "no_callback", times=9)
    wire.fault("messages", "accept_then_timeout")
    message = queue()
    # The emulator has it and keeps the worker waiting for the answer.
    wait_until(lambda: wire.messages(TO), seconds=30)
    worker_process.send_signal(signal.SIGKILL)
    worker_process.wait()
    message.refresh_from_db()
    assert (message.status, message.provider_id) == (Status.SENDING, "")

    # The broker hands the unacknowledged task to another worker.
    tasks.deliver(str(message.pk))
    message.refresh_from_db()
    assert message.status == Status.SENDING

    tasks.reconcile(str(message.pk))
    message.refresh_from_db()
    [seen] = wire.messages(TO)
    assert message.provider_id == seen["sid"]
    assert message.status in {Status.SENT, Status.DELIVERED}
    assert message.tries == 1


def test_the_sweep_sends_what_the_broker_missed(worker, wire, monkeypatch):
    published = []
    with monkeypatch.context() as patch, broker.away():
        patch.setattr(services, "publish", lambda *a, **k: published.append(publish(*a, **k)))
        message = queue()
        message.refresh_from_db()
        assert message.status == Status.QUEUED
        assert published == [False]
    then = timezone.now() - timedelta(seconds=11)
    Message.objects.filter(pk=message.pk).update(changed_at=then, not_before=then)
    sweep()
    wait_until(lambda: Message.objects.filter(pk=message.pk).exclude(provider_id="").exists())
    assert len(wire.messages(TO)) == 1
