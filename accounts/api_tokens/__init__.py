"""Tokens by which programs read an account, kept apart from people.

A token is ``cpt_<id>_<secret><checksum>``: whoever scans a repository knows it by its prefix and
its checksum (CRC-32) without asking us. It is shown once; the row keeps the SHA-256 of a secret of
190 random bits, so that a slow hash would add nothing. A token reads only, unless told otherwise,
ends after a day unless told otherwise, and never lasts longer than 90 days (CONTRACT 6); it works
from listed networks only, if it lists any, and always also within the owner's IP restrictions. It
can never do more than its owner can at that moment: every call asks anew, in one query, whether the
owner is active, not frozen, still on an account, and has not stopped all automation.

"Stop all automation" (the kill switch) refuses every token of the owner at the next call and leaves
people signed in. The handle does the same by itself once nobody has signed in for as many days as
the owner chose, and a rule of theirs (``automation``) when it is met. A token opens no page, and no
session opens an operation of tokens.

Whoever finds a token may report it (``POST /api/v1/leaks``): it is revoked, and its owner told.
Records api_token.* and automation.*.
"""
