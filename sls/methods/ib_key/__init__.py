"""IB Key: an authenticator on a telephone that approves by a signature and answers challenges.

The phone makes a P-256 key that never leaves it, and is given an OCRA secret once, at its
activation. A sign-in or step-up opens one challenge: the phone approves it by signing three digits
that the person read on the page (``pushes``), or answers its six digits with eight, without any
network (RFC 6287). Whichever comes first ends it. One phone is active for a user at a time;
``activations`` makes the next one, which takes the place of the one before when it has proved that
it works. ``api`` is the protocol, ``activating`` its beginning, ``calls`` how a phone signs what it
asks.
"""
