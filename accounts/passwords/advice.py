"""What is said of a password before it is set, and about how long it would be guessed."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from zxcvbn import zxcvbn

from accounts.passwords import services, wording
from accounts.passwords.forms import PasswordForm
from accounts.users.models import User

# The estimate takes longer with the square of the length, and says "centuries" long before.
MOST = 40
# zxcvbn tries every way in which signs may stand for letters, for seconds where there are many of
# them. One way, the usual, is enough to know a word by.
_SIGNS = str.maketrans("@({[<!|$+%", "acccciistx")


def refusals(*, user: User, form: PasswordForm) -> list[str]:
    """The sentences that speak against what was typed; empty when ``user`` may take it.

    Both the advice and the setting of a password judge by what ``services.refusals`` says. Raises
    ``slots.NoFreeSlot``.
    """
    if not form.is_valid():
        return list(form.errors["password"])
    password = form.cleaned_data["password"]
    return wording.of_reasons(services.refusals(user=user, password=password))


def advise(*, user: User, form: PasswordForm) -> dict[str, Any]:
    """``may`` it be taken, and the ``sentences`` about it. Raises ``slots.NoFreeSlot``."""
    refused = refusals(user=user, form=form)
    if refused:
        return {"may": False, "sentences": refused}
    own = (user.username, user.name)
    seconds = to_guess(form.cleaned_data["password"], own)
    return {"may": True, "sentences": [wording.guessed_in(seconds)]}


def to_guess(password: str, own: Iterable[str]) -> float:
    """Seconds in which somebody with the stolen hash would find it, at 10,000 tries a second.

    An estimate to encourage by; no rule hangs on it. ``own`` are words of the person.
    """
    shown = unicodedata.normalize("NFC", password)[:MOST].translate(_SIGNS)
    found = zxcvbn(shown, user_inputs=list(own))
    return float(found["crack_times_seconds"]["offline_slow_hashing_1e4_per_second"])
