"""The sign-in, for every platform: an Attempt, and five kinds of Step.

``flow.py`` is the whole of it on one page: begin, choose, answer, status; ``again.py`` sends or
asks once more, ``finish.py`` is what a right answer leads to, in the transaction that judges it.
The browser renders a Step, ``api.py`` serialises it for the platforms of ``platforms.py``; one
trading session a user name takes the place of another (``taking_over.py``). Support sends a code
that is open once more, without seeing it (``support.py``). A passkey alone (``alone.py``) comes in
at the answer. An attempt is 256 random bits, kept hashed; on the web it works only in the browser
that posted the password. Whoever is outside their list of addresses is refused after it, and may go
through the emergency door (``door.py``). What differs from the person's usual sign-ins
(``habits.py``, ``facts.py``, weighed by ``sls/algorithms/risk.py``) tells the owner, takes an
authenticator of the client's own, or is stopped; it never lowers what is demanded. Records
sign_in.* and code.* events.
"""
