"""PSKC against the example containers of RFC 6030, and against what is wrong with others."""

from pathlib import Path

import pytest

from sls.algorithms import pskc
from sls.algorithms.pskc import Unreadable

EXAMPLES = Path(__file__).parent / "pskc"
KEY = bytes.fromhex("12345678901234567890123456789012")
SEED = b"12345678901234567890"


def example(name: str) -> str:
    return (EXAMPLES / f"{name}.xml").read_text()


def read(text: str, **how):
    return pskc.read(text.encode(), **(how or {"key": KEY}))


def test_opens_what_is_encrypted_with_a_pre_shared_key():
    (token,) = read(example("pre_shared_key"))
    assert (token.serial, token.secret, token.counter) == ("987654321", SEED, 0)


def test_opens_what_is_encrypted_with_a_passphrase():
    (token,) = read(example("passphrase"), passphrase="qwerty", min_iterations=1000)
    assert (token.serial, token.secret) == ("987654321", SEED)


def test_refuses_a_passphrase_that_is_stretched_too_little():
    with pytest.raises(Unreadable, match="1000 rounds"):
        read(example("passphrase"), passphrase="qwerty")


@pytest.mark.parametrize(
    "how",
    [
        {"key": b"\0" * 16},
        {"key": b"short"},
        {"key": b"\0" * 32},
    ],
)
def test_refuses_another_key(how):
    with pytest.raises(Unreadable):
        read(example("pre_shared_key"), **how)


def test_refuses_another_passphrase():
    with pytest.raises(Unreadable):
        read(example("passphrase"), passphrase="qwertz", min_iterations=1000)


def test_wants_exactly_one_secret():
    with pytest.raises(Unreadable, match="either"):
        pskc.read(b"", key=KEY, passphrase="x")
    with pytest.raises(Unreadable, match="either"):
        pskc.read(b"")


def altered(old: str, new: str) -> str:
    text = example("pre_shared_key")
    assert old in text
    return text.replace(old, new)


def test_checks_the_mac_before_it_decrypts(monkeypatch):
    opened = []
    monkeypatch.setattr(pskc, "_open_cbc", lambda key, value: opened.append(value) or KEY[:16])
    with pytest.raises(Unreadable, match="MAC does not match"):
        read(altered("AAECAwQFBgcICQoLDA0OD+cIHItl", "AAECAwQFBgcICQoLDA0OD+cIHItk"))
    assert len(opened) == 1  # the key of the MAC, nothing else


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (altered("EncryptedValue", "PlainValue"), "not encrypted"),
        (altered("Su+NvtQfmvfJzF6bmQiJqoLRExc=", "AAAAvtQfmvfJzF6bmQiJqoLRExc="), "MAC does not"),
        (altered("ValueMAC", "OtherMAC"), "no MAC"),
        (altered("Su+NvtQ", "!!!"), "Base64"),
        (altered('Version="1.0"\n', 'Version="2.0"\n'), "version"),
        (altered("xmldsig#hmac-sha1", "xmldsig#hmac-md5"), "MAC is of an unknown kind"),
        (altered("987654321", "98 76"), "serial number"),
        (altered("987654321", ""), "no serial number"),
        (altered("KeyPackage", "Package"), "no key"),
        ("<a/>", "not a key container"),
        ("", "well-formed"),
        ("not xml", "well-formed"),
        (
            '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            "DTD or entities",
        ),
        (
            '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
            "DTD or entities",
        ),
        (f"<a>{'x' * pskc.MAX_BYTES}</a>", "larger than"),
    ],
)
def test_refuses_and_says_why(text, says):
    with pytest.raises(Unreadable, match=says):
        read(text)


def test_names_every_package_that_is_wrong():
    text = example("pre_shared_key")
    start, end = text.index("<KeyPackage>"), text.index("</KeyContainer>")
    package = text[start:end]
    broken = package.replace("987654321", "55555").replace("ValueMAC", "OtherMAC")
    with pytest.raises(Unreadable) as caught:
        read(text[:start] + package + broken + package + text[end:])
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "package 2 (55555)",
        "package 3 (987654321)",
    ]


def test_keeps_the_seed_out_of_what_is_printed():
    (token,) = read(example("pre_shared_key"))
    assert "1234567890" not in repr(token)
