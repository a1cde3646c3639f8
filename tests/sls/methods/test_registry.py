"""What an authenticator is called."""

import pytest
from django.utils import translation

from sls.methods import registry
from tests.cast import app_device, code_set

pytestmark = pytest.mark.django_db


def label_of(device) -> str:
    rows = registry.devices(device.user_id)
    return registry.label(next(row for row in rows if row.id == device.persistent_id))


def test_a_name_that_nobody_chose_is_in_the_language_of_the_reader(alice):
    device = code_set(alice)
    assert label_of(device) == "Backup codes"
    with translation.override("ja"):
        assert label_of(device) == "バックアップコード"


def test_a_name_that_was_chosen_stays(alice):
    device = app_device(alice, "Pixel 9")
    assert label_of(device) == "Authenticator app on Pixel 9"
    with translation.override("ja"):
        assert "Pixel 9" in label_of(device)


def test_without_a_name_it_is_called_what_it_is(alice):
    assert label_of(app_device(alice, "")) == "Authenticator app"


def test_a_card_is_called_by_its_kind_in_the_readers_language(monkeypatch):
    monkeypatch.setattr(
        registry, "_labels", lambda method: {"Digital Security Card+", "Tarjeta digital"}
    )
    for name in ("Digital Security Card+ …0001", "Tarjeta digital …0001"):
        assert registry.called("dsc_plus", name) == "Digital Security Card+ …0001"
    assert registry.called("dsc_plus", "The one at home") == "The one at home"
