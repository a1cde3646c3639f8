"""From which addresses and in which browsers an account may be used, for every platform.

Each user has one list: single addresses and networks (IPv4, IPv6), for one platform or all, and
optionally the browsers of the portal. Users keep their own, and owners and security officers of an
account that of everybody on it. No entry for a platform means from anywhere.

``deciding.decide`` is the one decision: at every request of a session, at the sign-in of every
platform, and for tokens. It fails closed: what cannot be read is refused, and an exception leads
to an error page, never past the check (CVE-2024-47070). Whoever has no list costs no query.

What is drafted is rehearsed against the sign-ins of 90 days, then in force at once and on trial: it
is taken back after ten minutes unless it is confirmed in a session that was opened after it, from
an address that it lets in. The clock decides, also while nothing runs that would write it down. An
entry that is taken away while others stay narrows the list and is on trial likewise. Taking away
the last one for a platform opens it to everywhere: that lowers safety, so it is told, waits for a
day and can be cancelled all the while. Adding an address waits for nothing: a proof of identity
stands before it, every contact hears of it, and a day's delay would keep out the traveller whom it
is for.

The emergency door (``door.py``; its steps are in ``sls.login``) lets one address in for half an
hour. Its owner can switch it off at once, and on again after a day. Records ip.* and door.*.
"""
