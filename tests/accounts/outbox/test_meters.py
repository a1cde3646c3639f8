import pytest
from prometheus_client import CollectorRegistry, generate_latest

from accounts.outbox import services
from accounts.outbox.meters import OutboxCollector
from accounts.outbox.models import Status


@pytest.mark.django_db
def test_figures_name_channel_and_status_and_nobody(queued, counted_queries):
    services.settle(queued().pk, status=Status.UNDELIVERED, error_code=30003)
    queued()
    with counted_queries(2):
        text = generate_latest(_registry()).decode()
    assert 'portal_outbox_messages{channel="sms",status="undelivered"} 1.0' in text
    assert 'portal_outbox_messages{channel="sms",status="queued"} 1.0' in text
    assert "portal_outbox_guard_stops 0.0" in text
    assert "415" not in text


@pytest.mark.django_db
def test_figures_are_of_the_last_hour(queued, clock):
    queued()
    clock.shift(3601)
    assert 'status="queued"' not in generate_latest(_registry()).decode()


def _registry():
    registry = CollectorRegistry()
    registry.register(OutboxCollector())
    return registry
