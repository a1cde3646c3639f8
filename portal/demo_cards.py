"""The cards of the demo: an encrypted delivery as a maker sends it, and the same in plain for the
emulator, which plays the cards."""

import base64
import hmac
import json
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.padding import PKCS7
from django.db import transaction
from django.utils import timezone

from accounts.client_accounts.models import ClientAccount
from accounts.origin import SYSTEM
from accounts.users.models import User
from sls.algorithms import pskc
from sls.methods.dsc_plus import stock
from sls.methods.dsc_plus.models import Card, Order

SERIALS = [f"DSC{number}" for number in range(1_000_001, 1_000_021)]
SUITE = "OCRA-1:HOTP-SHA256-8:QN06-PSHA256"
SEED_BYTES = 32
HOLDER, HOLDER_ACCOUNT, PIN = "alice", "U1000001", "4827"
ADDRESS = "Alice Meadows\n1 Harbour Street\nSan Francisco, CA 94111\nUnited States"
ACTOR = "seed_demo"


def seed(folder: Path) -> bool:
    """Makes the cards and sends the first one to alice. Returns False if they are there already.

    Writes ``cards.pskc.xml`` with its ``cards.key``, and ``cards.json``.
    """
    if Card.objects.exists():
        return False
    seeds = {serial: secrets.token_bytes(SEED_BYTES) for serial in SERIALS}
    key = secrets.token_bytes(16)
    container = delivery(seeds, key)
    with transaction.atomic():
        stock.import_tokens(pskc.read(container, key=key), origin=SYSTEM, actor=ACTOR)
        _send_first()
    (folder / "cards.pskc.xml").write_bytes(container)
    _keep(folder / "cards.key", key.hex())
    plain = [{"serial": s, "suite": SUITE, "seed": seed.hex()} for s, seed in seeds.items()]
    plain[0]["hint"] = f"In the demo {HOLDER} holds it; its PIN is {PIN}."
    _keep(folder / "cards.json", json.dumps({"cards": plain}))
    return True


def _keep(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text, encoding="utf-8")


def _send_first() -> None:
    """As ``stock.ship`` leaves it, but nobody is told: the demo sends nothing by itself."""
    now, user = timezone.now(), User.objects.by_name(HOLDER)
    account = ClientAccount.objects.get(number=HOLDER_ACCOUNT)
    card = Card.objects.get(serial=SERIALS[0])
    card.shipped_at = now
    card.put_pin(PIN)
    card.save(update_fields=["shipped_at", "pin"])
    order = Order(
        user=user, account=account, card=card, created_at=now, confirmed_at=now, shipped_at=now
    )
    order.put("address", ADDRESS)
    order.save(force_insert=True)
    stock.hand_over(card, user=user, account=account, at=now)


def delivery(seeds: Mapping[str, bytes], key: bytes) -> bytes:
    """A PSKC container (RFC 6030, section 6.1): AES-128-CBC under ``key``, HMAC-SHA256."""
    mac_key = secrets.token_bytes(32)
    packages = "".join(_package(serial, seed, key, mac_key) for serial, seed in seeds.items())
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<KeyContainer Version="1.0" xmlns="urn:ietf:params:xml:ns:keyprov:pskc"
  xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xenc="http://www.w3.org/2001/04/xmlenc#">
  <EncryptionKey><ds:KeyName>demo</ds:KeyName></EncryptionKey>
  <MACMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256">
    <MACKey>{_encrypted(mac_key, key)[0]}</MACKey>
  </MACMethod>{packages}
</KeyContainer>
""".encode()


def _package(serial: str, seed: bytes, key: bytes, mac_key: bytes) -> str:
    value, sealed = _encrypted(seed, key)
    mac = base64.b64encode(hmac.digest(mac_key, sealed, "sha256")).decode()
    return f"""
  <KeyPackage>
    <DeviceInfo><Manufacturer>Demo</Manufacturer><SerialNo>{serial}</SerialNo></DeviceInfo>
    <Key Id="{serial}" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:ocra">
      <AlgorithmParameters>
        <Suite>{SUITE}</Suite>
        <ChallengeFormat Encoding="DECIMAL" Min="6" Max="6"/>
        <ResponseFormat Encoding="DECIMAL" Length="8"/>
      </AlgorithmParameters>
      <Data>
        <Secret>
          <EncryptedValue>{value}</EncryptedValue>
          <ValueMAC>{mac}</ValueMAC>
        </Secret>
      </Data>
    </Key>
  </KeyPackage>"""


def _encrypted(value: bytes, key: bytes) -> tuple[str, bytes]:
    """As XML Encryption writes it, and the bytes that a MAC is made of."""
    iv, pad = secrets.token_bytes(16), PKCS7(128).padder()
    engine = Cipher(AES(key), modes.CBC(iv)).encryptor()
    sealed = iv + engine.update(pad.update(value) + pad.finalize()) + engine.finalize()
    text = base64.b64encode(sealed).decode()
    method = "http://www.w3.org/2001/04/xmlenc#aes128-cbc"
    written = (
        f'<xenc:EncryptionMethod Algorithm="{method}"/>'
        f"<xenc:CipherData><xenc:CipherValue>{text}</xenc:CipherValue></xenc:CipherData>"
    )
    return written, sealed
