"""Lock now, and go on: a session that shows nothing until its person has proven to be back.

The lock is a column of the session's row, so it holds for every tab and for a copied cookie. While
it is set the request belongs to nobody (``accounts.sessions.middleware``): whatever forgets to ask
sees no user, and whatever needs one leads here. The password or a passkey lifts it; a code does
not, because the telephone lies beside the computer. Wrong tries are counted as at the sign-in, and
the fifth ends the session (``UNLOCK_TRIES``). The idle limit runs on meanwhile, and so
does the list of addresses. ``accounts/sessions`` records session.locked and session.unlocked.
"""
