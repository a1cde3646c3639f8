"""What happened, kept so that nobody can change it unnoticed.

Each user has a chain of entries: an entry's digest is SHA-256 over the digest before it and the
entry's canonical JSON. The head of the chain is two columns of the user row; entries about nobody
hang on the one row of ``SystemChain``. ``verify_audit`` names the first broken entry.

Promises: an entry is written in the transaction of the act it tells of, or not at all; details
hold no secret; ``signals.recorded`` is sent synchronously in that transaction, so that alerts and
rooms above share its fate.
"""
