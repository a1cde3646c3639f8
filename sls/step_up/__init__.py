"""Verify your identity: a fresh proof before a sensitive action.

Views mark themselves (``accounts.marks.sensitive``); the middleware reads the mark and lets an
unsafe request pass only with a grant bound to this session and to the digest of this very action.
Otherwise it seals the request under a pending id for five minutes, asks for the password and a
code sent to a number that is not being changed, and shows the action again to be confirmed.
Passwords and codes are never kept. Records identity.* events.
"""
