"""The breaker of the telephone: it stops sending where codes are asked for and never used.

Whoever pumps text messages earns from each one sent to a range of numbers, and never types a code.
So sends are counted against codes used, for the thousand numbers around each, for the million, and
for the country. A number that used a code lately is known: it neither counts nor is stopped. A
breaker lets a single code through now and then, closes when such a code is used, and waits longer
each time none is; staff may let a range through for some hours, with a reason and a ticket.

Counting is one trip of a worker to Redis; no page waits for it. Which codes were used is read from
the tables by beat (``challenges.tasks.tell_used``). The rows of ``Breaker`` are what counts, and
``sync`` brings Redis in line with them. Records guard.breaker, guard.breaker_closed and
guard.breaker_overruled; rooms above hear ``signals.breaker``.
"""
