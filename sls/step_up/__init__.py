"""Verify your identity: a fresh proof before a sensitive action.

Views mark themselves (``accounts.marks.sensitive``); the middleware reads the mark and lets an
unsafe request pass only with a grant bound to this session and to the digest of this very action
(dynamic linking, RTS art. 5). Otherwise it seals the request under a pending id for five minutes,
asks for the password and a second factor, and shows the action again to be confirmed. How strong
the factor has to be is one table in ``rules.py``: whoever holds more than a telephone proves by
more than a telephone, and what is being changed does not prove its own change. A grant is used
once; where the table says so it opens a window of five minutes for the same action in the same
session instead, which every page shows and ends. A new password, a factor that comes, goes or is
disabled, and a reported call end them all. Passwords and codes are never kept. Records identity.*
events, and tells the owner of repeated failures.
"""
