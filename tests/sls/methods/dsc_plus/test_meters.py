import pytest
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest

from sls.methods.dsc_plus import rules
from sls.methods.dsc_plus.meters import CardCollector
from sls.methods.dsc_plus.models import Card
from tests.cast import card_device


@pytest.mark.django_db
def test_counts_cards_by_state_and_names_none(alice, counted_queries):
    for number in range(1, 6):
        card_device(alice, serial=f"DSC100000{number}")
    Card.objects.filter(serial__endswith=1).update(shipped_at=None)
    Card.objects.filter(serial__endswith=2).update(disabled_at=timezone.now())
    Card.objects.filter(serial__endswith=3).update(issued=rules.SPENT)
    Card.objects.filter(serial__endswith=4).update(lost_at=timezone.now())
    registry = CollectorRegistry()
    registry.register(CardCollector())
    with counted_queries(1):
        text = generate_latest(registry).decode()
    for state in ("stock", "working", "disabled", "spent"):
        assert f'portal_cards{{state="{state}"}} 1.0' in text
    assert "DSC" not in text
