import pytest
from django.core.management import CommandError, call_command

from accounts import vault
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.backup_codes.models import CodeSet
from tests.cast import SEED, app_device, code_set


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
