"""Phishing-resistant only: for one user, for a role, or for the clients of a legal entity.

From its day on, what a policy covers signs in with a passkey and with nothing else. Of several
that apply the earliest counts. A day begins where the person is. Nobody is surprised (DOMAIN C9):
a policy is announced by mail when it is made, and again 7 days and 1 day before its day, and a
banner says so on every page; who has no passkey by then is let in by what they have, to enrol one
and for nothing else. The announcement goes out in batches (``tasks.py``) and tells nobody twice.

What a session will need is written into its row at the sign-in (and into open rows when a policy
is announced), so that banner and gate cost no query. Records policy.* events.
"""
