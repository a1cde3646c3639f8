"""What may be withdrawn: limits that follow the second factor, shown before one is chosen.

The factor that authenticates a request sets its limit, a day and in five business days; the table
is a setting (``WITHDRAWAL_LIMITS``, the published one of the sources). ``rules.decide`` is the
decision that the brokerage's own system enforces, with figures that it gives; what clients are
shown beforehand (``rules.preview``) comes from the same function. Nothing is kept here, nothing
recorded.
"""
