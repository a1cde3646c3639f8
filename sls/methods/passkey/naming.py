"""What a passkey is called until its owner calls it something else."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.agents import system_in_words
from sls.methods.rules import told_apart

# Published identifiers of makers. Nobody attests them: good enough for a name, never for trust.
MAKERS = {
    "fbfc3007-154e-4ecc-8c0b-6e020557d7bd": "iCloud Keychain",
    "dd4ec289-e01d-41c9-bb89-70fa845d4bf2": "iCloud Keychain",
    "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4": "Google Password Manager",
    "08987058-cadc-4b81-b6e1-30de50dcbe96": "Windows Hello",
    "9ddd1817-af5a-4672-a2b9-3e3dd95000a9": "Windows Hello",
    "6028b017-b1d4-4c02-b4b3-afcdafc96bb2": "Windows Hello",
    "d3452668-01fd-4c12-926c-83a4204853aa": "Microsoft Password Manager",
    "53414d53-554e-4700-0000-000000000000": "Samsung Pass",
    "bada5566-a7aa-401f-bd96-45619a55120d": "1Password",
    "d548826e-79b4-db40-a3d8-11116f7e8349": "Bitwarden",
    "531126d6-e717-415c-9320-3d9aa6981239": "Dashlane",
    "0ea242b4-43c4-4a1b-8b17-dd6d0b6baec6": "Keeper",
    "50726f74-6f6e-5061-7373-50726f746f6e": "Proton Pass",
    "adce0002-35bc-c60a-648b-0b25f1f05503": "Chrome on Mac",
    "2fc0579f-8113-47ea-b116-bb5a8db9202a": "YubiKey",
    "73bb0cd4-e502-49b8-9c6f-b59445bf720b": "YubiKey",
}


def suggested(*, aaguid: UUID, agent: str, at: datetime, taken: Collection[str]) -> str:
    """Where it lies, and since when: "Passkey on Windows, November 2026"; told apart from those
    that are ``taken``."""
    maker, system = MAKERS.get(str(aaguid)), system_in_words(agent)
    # Translators: a date format of Django, such as "Y年n月" in Japanese.
    month = date_format(timezone.localtime(at), _("F Y"))
    if maker:
        text = _("%(place)s passkey, %(month)s")
    else:
        text = _("Passkey on %(place)s, %(month)s") if system else _("Passkey, %(month)s")
    return told_apart(text % {"place": maker or system, "month": month}, taken)
