"""The one spelling of a user name. Pure."""

import re
import unicodedata

NAME_MAX = 64
FIRST_NAME_MAX = 40


def canonical(name: str) -> str:
    """The spelling under which a name is stored, compared and counted (NFKC, case-folded)."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return folded.strip()


def is_acceptable(name: str) -> bool:
    """Whether a new user may have this canonical name."""
    return bool(re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,31}", name))


def first_name(name: str) -> str:
    """What a client is told of the name of somebody of staff."""
    return next(iter(name.split()), "")[:FIRST_NAME_MAX]
