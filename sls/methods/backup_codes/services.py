import secrets

from django.conf import settings
from django.utils import timezone

from accounts.origin import Origin
from accounts.users.models import User
from accounts.users.slots import hash_slot
from accounts.vault import CannotOpen
from sls.methods.backup_codes import hashing, rules
from sls.methods.backup_codes.models import CodeSet
from sls.methods.device import end, record_enrolled

CODE = "backup_codes"
KEY_BYTES = 32
SALT_BYTES = 16


def renew(*, user: User, name: str, origin: Origin) -> tuple[CodeSet, list[str]]:
    """Makes a set and ends the one before, inside the caller's transaction (user row locked).

    Returns the set and its codes, which are known to nobody afterwards. Takes ten slow hashes,
    half a second or so, for which only this user's other changes wait. Raises ``slots.NoFreeSlot``.
    """
    before = CodeSet.objects.filter(user=user, revoked_at=None)
    old = list(before)
    # A user has one live set: the old one steps aside before it is ended with its successor's name.
    before.update(revoked_at=timezone.now(), confirmed=False)
    made, codes = _make(user, name)
    for one in old:
        end(
            one,
            method=CODE,
            user=user,
            origin=origin,
            why="renewed",
            successor=made.persistent_id,
            key=None,
        )
    record_enrolled(made, method=CODE, user=user, origin=origin)
    return made, codes


def _make(user: User, name: str) -> tuple[CodeSet, list[str]]:
    key, salt = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(SALT_BYTES)
    made = CodeSet(user=user, name=name, salt=salt, cost=settings.BACKUP_CODE_COST)
    made.put_key(key)
    codes = rules.new_codes()
    with hash_slot():
        made.digests = b"".join(
            hashing.digest(rules.read(code)[1], key=key, salt=salt, cost=made.cost)
            for code in codes
        )
    made.save(force_insert=True)
    return made, codes


def digest(codes: CodeSet, code: str) -> bytes:
    """What ``code`` would be stored as in this set; b"" when its key cannot be opened.

    A slow hash, for which only this user's other changes wait. Raises ``slots.NoFreeSlot``.
    """
    try:
        key = codes.open_key()
    except CannotOpen:
        return b""
    with hash_slot():
        return hashing.digest(code, key=key, salt=bytes(codes.salt), cost=codes.cost)
