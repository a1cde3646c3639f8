"""E-mail addresses and telephone numbers: added, verified by a code, made primary, removed.

Numbers are E.164 by libphonenumber; served countries only, premium ranges refused, and the reason
is said. A new contact is not used for step-up before ``trusted_from``. The number in use for
signing in cannot be removed: the database refuses (``PROTECT``), ``remove`` says so in a sentence.
Records email.* and phone.* events; old and new address are told by ``alerts``.
"""
