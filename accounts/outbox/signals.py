"""What the telephone network told, for rooms above that know whose number it is.

``inbound``: a text message came in (sent in the transaction that remembers it, once a message), or
the provider refused a message because of an earlier STOP. Receivers get ``number`` (E.164) and
``word``: "stop", "start" or "help".

``learnt``: a carrier said what a number can receive. Sent after the message was settled.
Receivers get ``number``, ``error_code`` and ``meaning``: "landline", "no_sms" or "inactive".
"""

from django.dispatch import Signal

inbound = Signal()
learnt = Signal()
