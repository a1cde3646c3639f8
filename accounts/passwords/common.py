"""The offline list of passwords that are tried first, from public breaches.

It is the list that Django ships (20,000 entries, collected by Royce Williams), read as data.
"""

import functools

from django.contrib.auth.password_validation import CommonPasswordValidator


@functools.cache
def passwords() -> frozenset[str]:
    """Every entry, in lower case. Some 2 MB, read once a process when first needed."""
    return frozenset(CommonPasswordValidator().passwords)
