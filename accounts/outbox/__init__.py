"""Everything that leaves the house: text messages, calls, e-mail, notifications and webhooks.

A message is a row written in the transaction that causes it and delivered by Celery after commit,
so it exists if and only if its cause does. Its status climbs one ladder and never comes back:
queued -> sending -> sent -> delivered | undelivered | failed | unknown. ``sending`` is committed
before the provider is called; a message found there by another worker is reconciled, never posted
twice (Twilio has no idempotency key). Bodies are sealed and wiped after use. Callbacks are signed,
idempotent, and move a message only forward.

A notification says only that something waits, and goes where ``endpoints`` says. A webhook
(``hooks``) names its event, so that it alone may be posted again. Lists of messages have one key
(``paging``).

``ports`` says what the house expects of a provider; ``gateways/`` holds the providers, which only
``tasks`` and ``webhooks`` call. ``guard`` refuses and budgets the telephone; ``lookups`` asks what
kind of line a number is and when its SIM card changed, and keeps a code for a sensitive action back
from a new one. ``spending`` stops ranges of numbers whose codes nobody uses; ``outage`` lets the
other channel come first while a carrier fails; ``figures`` counts delivery and use by the hour.
Rooms above hear ``signals.inbound`` (STOP, START, HELP), ``signals.learnt`` (what a
carrier said of a number), ``signals.reported`` and ``signals.new_sim``.
Records code.call_reported and guard.*.
"""
