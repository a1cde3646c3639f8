import functools
import time
import unicodedata
from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password

from accounts.users.models import User
from accounts.users.slots import hash_slot


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether the password was right, and how many seconds its hash took."""

    right: bool
    seconds: float


def check(*, user: User | None, password: str) -> Checked:
    """Whether ``password`` opens ``user``; None (an unknown name) takes the same time.

    The password is normalised to NFC, as it was when it was set (NIST SP 800-63B-4 3.1.1.2).
    Raises ``slots.NoFreeSlot``. Call it outside transactions: it is slow on purpose.
    """
    stored = user.password if user is not None and user.has_usable_password() else _decoy()
    with hash_slot():
        before = time.perf_counter()
        right = check_password(normalised(password), stored)
        seconds = time.perf_counter() - before
    opens = right and stored != _decoy() and user is not None and user.is_active
    return Checked(opens, seconds)


def normalised(password: str) -> str:
    """The form in which a password is hashed."""
    return unicodedata.normalize("NFC", password)


@functools.cache
def _decoy() -> str:
    """A hash with today's parameters that belongs to nobody."""
    return make_password("nobody has this password")


def warm() -> None:
    """Makes the decoy now, so that the first unknown name is not slower than the second."""
    _decoy()


def set_language(*, user: User, language: str) -> None:
    """Serves the user, and writes to them, in this language from now on."""
    User.objects.filter(pk=user.pk).update(language=language)
    user.language = language
