"""The chooser after the password."""

import re

import pytest
from django.utils import timezone

from sls.methods.backup_codes.models import CodeSet
from sls.methods.sms.models import PhoneDevice
from tests.cast import app_device, begin, code_set

pytestmark = pytest.mark.django_db


def preselected(client) -> str:
    """The authenticator that is chosen already."""
    page = client.get(begin(client)).content.decode()
    return re.search(r'name="device" value="([^"]+)"[^>]* checked', page)[1]


def test_backup_codes_are_offered_and_not_preselected(client, alice):
    device = code_set(alice)
    assert device.persistent_id in client.get(begin(client)).content.decode()
    assert preselected(client) == PhoneDevice.objects.get().persistent_id


def test_not_even_where_one_of_them_was_used_last(client, alice):
    code_set(alice)
    CodeSet.objects.update(last_used_at=timezone.now())
    app = app_device(alice)
    assert preselected(client) == app.persistent_id
