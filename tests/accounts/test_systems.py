import re

import pytest

from accounts.systems import DELIVERED, Scope
from portal.settings import _FOR
from tests.pdfs import service


def test_the_settings_know_every_scope():
    assert set(re.findall("[a-z]+", _FOR)) == set(Scope)


@pytest.mark.parametrize("scope", sorted(DELIVERED))
def test_what_one_system_delivers_of_one_kind_is_bounded(scope, settings, client):
    settings.DELIVERIES_PER_MINUTE = 2
    settings.SERVICE_TOKENS = [
        service(
            "books",
            "token-of-the-books-of-the-test",
            ":figures+documents+events+transactions+decisions",
        ),
        service("other", "token-of-another-of-the-test", ":figures+documents+events+transactions"),
    ]
    paths = {one: f"/api/v1/{one}" for one in DELIVERED}

    def call(path: str, token: str = "token-of-the-books-of-the-test"):
        headers = {"Authorization": f"Bearer {token}"}
        return client.post(path, "{}", content_type="application/json", headers=headers)

    first = call(paths[scope])
    assert first.status_code == 400
    assert first["RateLimit"].startswith('"deliveries-per-system";r=1')
    assert call(paths[scope]).status_code == 400
    refused = call(paths[scope])
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    # Neither another system nor another kind has to wait; decisions never do.
    assert call(paths[scope], "token-of-another-of-the-test").status_code == 400
    assert all(call(paths[one]).status_code == 400 for one in DELIVERED - {scope})
    assert [call("/api/v1/decisions").status_code for _ in range(4)] == [400] * 4
