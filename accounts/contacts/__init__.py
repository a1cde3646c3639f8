"""E-mail addresses and telephone numbers: added, verified by a code, made primary, removed.

Numbers are E.164 by libphonenumber; served countries only, premium ranges refused, and the reason
is said. A new contact is not used for step-up before ``trusted_from``, nor is a number while its
SIM card is new (``sim``); the network is asked about each number that is added, verified or made
primary. The number in use for signing in cannot be removed: the database refuses (``PROTECT``),
``remove`` says so in a sentence. Records email.*, phone.*, contacts.confirmed and code.*; old and
new address are told by ``alerts``; ``mailing`` writes to every address of somebody.

For 72 hours (``CONTACT_UNDO_HOURS``) the old side takes a change back (``undoing``): by the link in
its mail, which opens without a session and only restores what was, or signed in, by a step-up. It
takes back what came after it on the same list too, ends all other sessions, and is told to both
sides. Whoever reads a mailbox that the owner gave up can do that once more: withdrawals are held,
and support decides between two people who undo each other. Staff note how a number can be reached
(``marking``), and what they add stands unverified like anything else. Other rooms ask ``reached``
for the contacts of somebody.
"""
