import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import BinaryField
from django.utils import timezone

from accounts import vault
from accounts.outbox import endpoints
from portal.management.commands.rewrap_secrets import SEALED
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.backup_codes.models import CodeSet
from sls.methods.dsc_plus.models import Card, Order
from tests.cast import CARD_SEED, PIN, SEED, app_device, card_device, code_set
from tests.phones import activated


@pytest.fixture
def keys(tmp_path, settings):
    for name, digit in (("old", "11"), ("new", "22")):
        (tmp_path / name).write_text(digit * 32)
    settings.KEK_DIR, settings.KEK_ACTIVE = str(tmp_path), "old"
    vault._keys.cache_clear()
    yield tmp_path
    vault._keys.cache_clear()


def test_moves_every_seed_to_the_active_key(keys, settings, alice, capsys):
    for n in range(3):
        app_device(alice, name=f"phone {n}")
    settings.KEK_ACTIVE = "new"
    call_command("rewrap_secrets")
    assert capsys.readouterr().out.strip() == "3 rewrapped"
    (keys / "old").unlink()
    vault._keys.cache_clear()
    assert {bytes(device.open_seed()) for device in AppDevice.objects.all()} == {SEED}


def test_moves_the_keys_of_backup_codes_too(keys, settings, alice, capsys):
    code_set(alice)
    settings.KEK_ACTIVE = "new"
    call_command("rewrap_secrets")
    assert capsys.readouterr().out.strip() == "1 rewrapped"
    (keys / "old").unlink()
    vault._keys.cache_clear()
    assert CodeSet.objects.get().open_key() == SEED


def test_moves_the_secrets_of_cards_and_orders_too(keys, settings, alice, capsys):
    card_device(alice)
    order = Order(user=alice, created_at=timezone.now())
    order.put("address", "1 Harbour Street")
    order.put("pin", PIN)
    order.save()
    settings.KEK_ACTIVE = "new"
    call_command("rewrap_secrets")
    assert capsys.readouterr().out.strip() == "4 rewrapped"
    (keys / "old").unlink()
    vault._keys.cache_clear()
    card, order = Card.objects.get(), Order.objects.get()
    assert (card.open_seed(), card.open_pin()) == (CARD_SEED, PIN)
    assert (order.opened("address"), order.opened("pin")) == ("1 Harbour Street", PIN)


def test_moves_what_a_phone_was_given(keys, settings, alice, capsys):
    phone = activated(alice, pin="48a7")
    device = phone.row()
    device.endpoint = endpoints.keep(alice.pk, {"endpoint": "https://fcm.googleapis.com/x"})
    device.save()
    settings.KEK_ACTIVE = "new"
    call_command("rewrap_secrets")
    assert capsys.readouterr().out.strip() == "3 rewrapped"
    (keys / "old").unlink()
    vault._keys.cache_clear()
    moved = phone.row()
    assert moved.answers("123456", phone.respond("123456"))
    assert moved.endpoint.opened() == {"endpoint": "https://fcm.googleapis.com/x"}


NOT_REWRAPPED = {
    # Public, or digests.
    *(("passkeydevice", "public_key"), ("ibkeydevice", "public_key"), ("push", "signature")),
    *(("codeset", "digests"), ("codeset", "salt")),
    # Sealed by the key of their document.
    ("piece", "sealed"),
    # Over within a day.
    *(("challenge", "secret"), ("message", "body"), ("pending", "fields")),
    *(("pinchange", "pin"), ("push", "digits")),
}


def test_no_sealed_column_is_forgotten():
    columns = {
        (model._meta.model_name, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, BinaryField)
    }
    moved = {(model._meta.model_name, field) for model, field in SEALED}
    assert moved <= columns
    assert columns - moved == NOT_REWRAPPED


def test_does_nothing_twice(keys, settings, alice, capsys):
    app_device(alice)
    settings.KEK_ACTIVE = "new"
    call_command("rewrap_secrets")
    call_command("rewrap_secrets")
    assert capsys.readouterr().out.split() == ["1", "rewrapped", "0", "rewrapped"]


def test_says_which_key_is_missing(keys, settings, alice):
    app_device(alice)
    settings.KEK_ACTIVE = "new"
    (keys / "old").unlink()
    vault._keys.cache_clear()
    with pytest.raises(CommandError, match="old"):
        call_command("rewrap_secrets")
