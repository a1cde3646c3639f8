from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.origin import Origin
from accounts.transactions import services
from accounts.transactions.models import Kind, Transaction
from accounts.transactions.services import Flagged

DESK, HERE = Origin(platform="console"), Origin(address="203.0.113.7")


def flagged(user, *, staff=None, external=None, system="", **changes) -> Transaction:
    known = {
        "kind": Kind.WITHDRAWAL,
        "what": "Bank of Nowhere, account ending 4471",
        "amount": Decimal("25000.00"),
        "currency": "USD",
        "at": timezone.now() - timedelta(minutes=5),
        "account": "U1000001",
    }
    return services.flag(
        user_id=user.pk,
        flagged=Flagged(**known | changes),
        origin=DESK,
        staff=staff,
        external=external,
        system=system,
    )


@pytest.fixture
def hers(alice) -> Transaction:
    """A withdrawal that Alice is asked about."""
    return flagged(alice)
