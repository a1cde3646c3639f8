"""The way through after a freeze, from the first proof to the thaw.

Name, password and the strongest authenticator that was there before the freeze (never a telephone
or printed codes) open a session that is limited to this room and to the case of the freeze: every
other page sees nobody signed in (``marks.opens_in``). A page a step leads through the password, the
authenticators, the contacts, how it happened and what is left to close, and ends in asking for the
thaw, which comes a day later (FREEZE_THAW_HOURS) by itself unless it is stopped. Who holds nothing
that suffices is told to call, with the reference.

Promises: an unknown name, a wrong password and a name that nobody froze are answered alike, as the
sign-in answers; nothing in here lets in, or lets money or settings go, before the thaw; what is
enrolled on the way does not lead back onto it; each step is noted once with its time, for the
receipt. Records account.way_back_entered; the rest is recorded by the rooms that do it.
"""
