"""One row per session of a browser or an API client, and the browsers a user has come with.

The row decides, not the cache: a closed, idle or expired row ends the session at the next request
whatever the cache holds. The row keeps the SHA-256 of the session key, so the table opens nothing;
the key is another one whenever its person has verified their identity anew (``renewal``). Idle and
absolute limits by kind of session (CONTRACT 6); polling does not count as use. Every page tells two
minutes before (``pages``); the person may stay, lock the session on the server (``locking``), see
and end each of them (``listing``, ``endings``). Only so many are open at once (``at_once``). A
browser is known by a cookie whose token changes with each sign-in, so that a copy of it is found
out (``browsers``).
The row also says what the session needs no further proof for, and from which day on it leads only
to enrolment: rooms above decide both.
A user name is closed for good by ``closing``. Records sign_in.out, session.ended, session.locked,
session.unlocked, browser.copied, browser.forgotten and account.closed.
"""
