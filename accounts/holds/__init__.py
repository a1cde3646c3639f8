"""What is stopped, until when and why.

Withdrawals wait for a day after an authenticator, the password or a contact of a client changed
(CONTRACT 6), so that whoever reads the alert has time to object. A hold is placed in the
transaction of the change, by its audit entry, and a further change makes it last longer; nothing
makes it shorter. The first enrolment of a new client places none. A freeze stops money-out, bank
instructions, settings and, as the owner chose, trading, without an end: its thaw lifts that alone,
and what waits for another reason goes on waiting. A transaction that its client is asked about
holds withdrawals until they or staff have spoken (``keep``, ``release``), on its account for
everybody: whoever stole one user name may hold another. Rooms that move money or
take orders ask ``services.held`` or ``running``. Staff hold something for a time, and lift what
they held (``support``: records hold.*); for the rest the entry that a hold hangs on is its record.
"""
