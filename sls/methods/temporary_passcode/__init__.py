"""A temporary passcode: what support gives to a client who has nothing left to prove with (KB69).

Two of staff issue it after they have identified the caller. It goes to a verified number of the
client by text message or call and to nobody else: no page, log or entry of the audit has it. Eight
characters, the same for two days everywhere; then for ten more days it only signs in to the portal,
and opens nothing there but the page of the online security code card. Never two in a row: before
another can be issued the client has to sign in by something else, or to enrol it.

It proves like a telephone number, which it came by. Nobody enrols one. Records passcode.*.
"""
