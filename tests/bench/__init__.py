"""The goals of speed, measured: ``make bench``, or ``python -m tests.bench --quick``.

Machines drift, so only ratios within one run count. The measure is the *bare view*: one GET of an
empty Django view behind the default middleware, on the same server, by the same client, in the
same round. Everything is real: granian, PostgreSQL, Valkey, a Celery worker, the official Twilio
client; rate limits, audit and logging are on. Rates are raised, not removed, because one address
does what a thousand would do; the spacing of sends is in force, and time is moved for it in the
table of messages.
"""
