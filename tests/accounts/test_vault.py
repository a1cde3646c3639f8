import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import vault

ROW = {"table": "message", "row": "42"}


@pytest.fixture
def key_files(tmp_path, settings):
    (tmp_path / "2026a").write_text("11" * 32)
    (tmp_path / "2026b").write_text("22" * 32)
    settings.KEK_DIR, settings.KEK_ACTIVE = str(tmp_path), "2026a"
    vault._keys.cache_clear()
    yield tmp_path
    vault._keys.cache_clear()


@given(st.binary(max_size=200))
def test_opens_what_it_sealed(secret):
    assert vault.unseal(vault.seal(secret, **ROW), **ROW) == secret


def test_does_not_open_for_another_row_field_or_table():
    blob = vault.seal(b"seed", **ROW)
    for other in ({"table": "message", "row": "43"}, {"table": "challenge", "row": "42"}, {}):
        with pytest.raises(vault.CannotOpen):
            vault.unseal(blob, **other)


@pytest.mark.parametrize("place", [0, 1, 3, 20, 60, -1])
def test_does_not_open_with_one_bit_flipped(place):
    blob = bytearray(vault.seal(b"seed", **ROW))
    blob[place] ^= 1
    with pytest.raises(vault.CannotOpen):
        vault.unseal(bytes(blob), **ROW)


@pytest.mark.parametrize("blob", [b"", b"\x01", b"\x01\xff", b"nonsense", b"\x02" * 80])
def test_does_not_open_nonsense(blob):
    with pytest.raises(vault.CannotOpen):
        vault.unseal(blob, **ROW)


def test_names_its_key_and_opens_after_the_active_key_has_changed(key_files, settings):
    blob = vault.seal(b"seed", **ROW)
    settings.KEK_ACTIVE = "2026b"
    assert vault.key_id(blob) == "2026a"
    assert vault.unseal(blob, **ROW) == b"seed"


def test_rewraps_without_touching_the_secret(key_files, settings):
    blob = vault.seal(b"seed", **ROW)
    settings.KEK_ACTIVE = "2026b"
    new = vault.rewrap(blob)
    assert vault.key_id(new) == "2026b"
    assert new.endswith(blob[-32:])  # nonce and ciphertext are the same bytes
    assert vault.unseal(new, **ROW) == b"seed"


def test_says_no_when_its_key_is_gone(key_files):
    blob = vault.seal(b"seed", **ROW)
    (key_files / "2026a").unlink()
    vault._keys.cache_clear()
    with pytest.raises(vault.CannotOpen):
        vault.unseal(blob, **ROW)


def test_never_seals_twice_alike():
    assert vault.seal(b"seed", **ROW) != vault.seal(b"seed", **ROW)


def test_finds_equal_values_by_index_but_not_across_purposes():
    assert vault.blind_index("+14155550101", "phone") == vault.blind_index("+14155550101", "phone")
    assert vault.blind_index("+14155550101", "phone") != vault.blind_index("+14155550101", "mail")
