"""Forgotten password, forgotten user name, and no strong factor left.

Every way begins with a user name and a code by mail, and looks, counts and takes as long for names
that nobody has. Never by e-mail alone, and never round the second factor: which proofs together are
enough, and for what, is one table in ``rules.py``. Nobody is signed in here. A new password is
followed by the ordinary sign-in with the second factor; a new authenticator comes after a wait of
days, of which every contact is told with a way to stop it. What is begun is bound to the browser
that began it, leads nowhere where restrictions of addresses do not let in, and ends with whatever
changes how the person is known. Records recovery.* and code.resent.
"""
