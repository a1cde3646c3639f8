"""The offline lists of passwords that are tried first, from public breaches.

They are read as data from packages that ship them: the list of Django (20,000 entries, collected by
Royce Williams) and that of zxcvbn (30,000, from Mark Burnett's ten million). Together they hold
40,101, of which 351 are long enough to be chosen here at all: what they mostly stop is one of them
with trimmings, in disguise or twice (``rules.is_common``).
"""

import functools

from django.contrib.auth.password_validation import CommonPasswordValidator
from zxcvbn.frequency_lists import FREQUENCY_LISTS


@functools.cache
def passwords() -> frozenset[str]:
    """Every entry, in lower case. Some 5 MB, read once a process when first needed."""
    return frozenset(CommonPasswordValidator().passwords) | frozenset(FREQUENCY_LISTS["passwords"])
