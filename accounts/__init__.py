"""Who a person is, how to reach them, and what happened.

The lower of the two packages: rooms here never import ``sls`` or ``portal``. A room says what
happened by an audit entry, and rooms above listen (``accounts.audit.signals.recorded``).
"""
