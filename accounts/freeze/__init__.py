"""Stop everything: "This was not me".

One act, one transaction: every session ends, tokens are revoked, known browsers are forgotten, open
codes and begun proofs are worth nothing, what somebody may have set in motion stops, and nothing
lets in (``lockout.rules.Bar.FROZEN``) until the owner has come back by the strongest proof they
hold and a day (``sls/incident``), or two of staff have (``thaw``). Money-out, bank instructions and
settings are held (``accounts/holds``), and of trading what the owner chooses.

Promises: it needs no proof and no session, because it only takes rights away; nothing in here gives
one. What protects stays: the password, authenticators, contacts and the list of addresses. Doing it
again changes nothing, except that it may stop more of the trading, and that it takes back a wish to
go on again. Nobody is stopped by their name alone: it takes their session, a signed link out of a
mail to them (``links``), or staff. Records account.*; the receivers of the entry do the rest.
"""
