"""Settings > Security > Secure Login System: a client's authenticators, and what is done to them.

Further ones are enrolled here, each behind a proof of identity and bound to the session that asked;
they are named, tested, put in order, replaced and removed. One that opens the door by itself always
remains: removals are decided under the lock of the user's row, so two at once cannot take the last
two. A replaced authenticator ends in the transaction that confirms the new one, never before.
Support suspends and removes one for somebody whom they have identified (``support``). Records
device.* events.
"""
