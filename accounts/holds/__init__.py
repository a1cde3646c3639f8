"""What is stopped, until when and why.

Withdrawals wait for a day after an authenticator or a contact of a client changed (CONTRACT 6), so
that whoever reads the alert has time to object. A hold is placed in the transaction of the change,
by its audit entry, and a further change makes it last longer; nothing makes it shorter. The first
enrolment of a new client places none. Rooms that move money ask ``services.held``. Records nothing:
the entry that a hold hangs on is its record.
"""
