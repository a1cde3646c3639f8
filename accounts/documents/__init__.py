"""Statements and other documents, delivered by the brokerage and opened after a secure sign-in.

A system of the brokerage delivers a PDF over ``POST /api/v1/documents`` with a service token of the
scope ``documents`` and its SHA-256, which has to match; the same document twice is one. Promises:
at rest it is sealed under a key of its own, in pieces, so that a range is opened without the rest;
whoever may not see the account gets the answer of an address that never was, in the same time;
every opening stands in the record with the hash, what was opened and from where; no cache keeps it,
and no browser shows it within the portal. What was delivered to the wrong account is withdrawn
(``DELETE``): its bytes and their key are deleted, its row stays, and it is on record who had opened
it. The mail about a new one says that there is one, and nothing of it. Pieces lie in the database:
one transaction and one backup hold a document and what is recorded of it, and every web process
reads it.

Daily and other statements are FEATURES 135, balances beside them (``accounts/figures``) 136.
Records document.*.
"""
