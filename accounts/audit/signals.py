"""``recorded``: an entry was appended. Sent in the transaction of the act; receivers get
``entry`` (saved, with ``entry.user`` set) and ``note`` (facts for receivers that are not stored,
such as an address that has just been removed)."""

from django.dispatch import Signal

recorded = Signal()
