"""``/metrics`` for the networks of METRICS_ALLOW."""

import pytest

pytestmark = pytest.mark.django_db


def test_answers_the_loopback(client):
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("address", ["203.0.113.9", "2001:db8::1"])
def test_others_find_nothing(client, address):
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == 404


def test_other_networks_can_be_let_in(client, settings):
    settings.METRICS_ALLOW = ["203.0.113.0/24"]
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 200
    assert client.get("/metrics").status_code == 404


def test_counts_by_view_and_never_by_path(client):
    client.get("/healthz")
    client.get("/login/Zk3vQ9x0pLr7mN2sT5uW8yB1dF4gH6jK/nothing/")
    text = client.get("/metrics").content.decode()
    assert 'portal_requests_total{method="GET",status="200",view="healthz"}' in text
    assert "Zk3vQ9" not in text
