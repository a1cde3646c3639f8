"""A telephone in memory, and messages to send with it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.outbox import delivery, services
from accounts.outbox.gateways import memory
from accounts.outbox.models import Channel, Message
from accounts.outbox.ports import Gateways

NUMBER = "+14155550101"


@pytest.fixture
def telephone() -> memory.Memory:
    """The network as a test sees it: what was sent, and how to make it fail."""
    return memory.Memory()


@pytest.fixture
def gateways(telephone) -> Gateways:
    return Gateways(
        telephone=telephone,
        mail=telephone,
        push=telephone,
        numbers=telephone,
        hooks=telephone,
    )


@pytest.fixture
def asked(monkeypatch) -> list[tuple[str, Any, float]]:
    """What workers were asked to do: (task, message id, delay in seconds)."""
    calls: list[tuple[str, Any, float]] = []

    def publish(task: str, message_id: Any, *, delay: float = 0) -> bool:
        calls.append((task, message_id, delay))
        return True

    for module in ("services", "delivery", "sweep", "lookups"):
        monkeypatch.setattr(f"accounts.outbox.{module}.publish", publish)
    return calls


@pytest.fixture
def queued(db) -> Callable[..., Message]:
    """Queues a message; every field may be named."""

    def make(channel: Channel = Channel.SMS, **fields: Any) -> Message:
        life = fields.pop("life", 300)
        return services.enqueue(
            **{
                "user": None,
                "channel": channel,
                "name": "security_code",
                "to": "a@example.com" if channel == Channel.EMAIL else NUMBER,
                "language": "en",
                "context": {"code": "493817", "reference": "KMP"},
                "expires_at": timezone.now() + timedelta(seconds=life),
                "about": "challenge",
                "is_code": True,
                **fields,
            }
        )

    return make


@pytest.fixture
def deliver(gateways) -> Callable[[Message], Message]:
    """Hands a message over, or keeps it back; returns it as it stands then."""

    def run(message: Message) -> Message:
        delivery.deliver(message.pk, gateways)
        message.refresh_from_db()
        return message

    return run
