"""The last passwords of a user, kept so that they can be refused and nothing else.

Comparing with ten hashes of ten salts would take seconds. All of one user's are hashed with one
salt instead, so that one slow hash tells of all ten, and what is kept is a keyed digest of that:
whoever has the database alone cannot even begin to guess, and whoever has the key file too guesses
no faster than at the hash of the password itself.
"""

from argon2.low_level import Type, hash_secret_raw
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.utils import timezone

from accounts.passwords.models import PastPassword
from accounts.users.models import User
from accounts.users.services import normalised
from accounts.users.slots import hash_slot
from accounts.vault import blind_index

# Those of Django's hasher. They stay as they are when Django's rise: a digest made otherwise would
# be found no more.
ROUNDS, LANES = 2, 8


def digest(user: User, password: str) -> str:
    """What is kept of a password. Slow. Raises ``slots.NoFreeSlot``."""
    salt = bytes.fromhex(blind_index(str(user.pk), "password history salt"))
    with hash_slot():
        raw = hash_secret_raw(
            normalised(password).encode(),
            salt,
            time_cost=ROUNDS,
            memory_cost=settings.PASSWORD_HISTORY_MEMORY,
            parallelism=LANES,
            hash_len=32,
            type=Type.ID,
        )
    return blind_index(raw.hex(), "password history")


def holds(*, user: User, password: str) -> bool:
    """Whether it is the user's password, or one of the last. Slow. Raises ``slots.NoFreeSlot``."""
    past = PastPassword.objects.filter(user=user).order_by("-since", "-pk")
    kept = list(past.values_list("digest", flat=True)[: settings.PASSWORD_HISTORY])
    if kept:
        return digest(user, password) in kept
    if not user.has_usable_password():
        return False
    with hash_slot():
        return check_password(normalised(password), user.password)


def remember(*, user: User, kept: str) -> None:
    """Adds a digest and forgets the oldest beyond ``PASSWORD_HISTORY``. In a transaction."""
    PastPassword.objects.create(user=user, digest=kept, since=timezone.now())
    past = PastPassword.objects.filter(user=user).order_by("-since", "-pk")
    old = past.values_list("pk", flat=True)[settings.PASSWORD_HISTORY :]
    PastPassword.objects.filter(pk__in=list(old)).delete()
