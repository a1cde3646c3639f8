"""The sign-in, for every platform: an Attempt, and five kinds of Step.

``flow.py`` is the whole of it on one page: begin, choose, resend, answer, status. The browser
renders a Step, an API serialises it. A passkey alone (``alone.py``) comes in at the answer. An
attempt is 256 random bits, kept hashed; on the web it works only in the browser that posted the
password. Records sign_in.* and code.* events.
"""
