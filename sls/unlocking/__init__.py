"""The owner of a locked name lifts the lock without the password, and without support.

Two proofs, neither of them the password: a code to the first e-mail address that is not new, then
one of the client's own authenticators (a passkey, an authenticator app, a card; never a text
message, which is what a stolen number gets, nor printed codes). The code comes first, so that a
stranger who knows only the name makes nobody's card answer and learns nothing: every page up to the
right code is the same, in content and in time, for names that do not exist. The authenticator is
asked by the pages of the sign-in (an ``Attempt`` that is ``unlocking`` and leads to no session).
What lies between the two steps is kept in the cache, for as long as the code lives, in the browser
that asked. Records code.sent, sign_in.unlock_failed and sign_in.unlocked.
"""
