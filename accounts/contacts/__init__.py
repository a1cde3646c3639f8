"""E-mail addresses and telephone numbers: added, verified by a code, made primary, removed.

Numbers are E.164 by libphonenumber; served countries only, premium ranges refused, and the reason
is said. A new contact is not used for step-up before ``trusted_from``, nor is a number while its
SIM card is new (``sim``); the network is asked about each number that is added, verified or made
primary. The number in use for signing in cannot be removed: the database refuses (``PROTECT``),
``remove`` says so in a sentence. Records email.*, phone.*, code.to_new_sim and code.kept_back; old
and new address are told by ``alerts``.
"""
