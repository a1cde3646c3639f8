"""What the telephone network told, for rooms above that know whose number it is.

``inbound``: a text message came in (sent in the transaction that remembers it, once a message), or
the provider refused a message because of an earlier STOP. Receivers get ``number`` (E.164) and
``word``: "stop", "start" or "help".

``learnt``: a carrier said what a number can receive. Sent after the message was settled.
Receivers get ``number``, ``error_code`` and ``meaning``: "landline", "no_sms" or "inactive".

``reported``: what the network knows of a number. Told again with every fresh answer. Receivers get
``number``, ``line_type``, ``swapped_at`` (the last change of SIM known of) and ``at``.

``breaker``: a range of numbers was stopped. Sent after the commit; receivers get ``breaker`` (the
row of ``spending.models``).

``new_sim``: a code met a number whose SIM card is new. Receivers get ``user_id``, ``number`` and
``sent``: False when the code was kept back, because it was for a sensitive action.

``answered``: somebody who heard the question of a call pressed a key. Sent in the transaction in
which the turn is used up, with the user's lock held, once an answer. Receivers get ``message`` and
``meaning``: "yes", "no" or "stop" ("no" pressed again), and return what became of it, by which the
call says on (``after.txt``), or None where the call is not theirs.
"""

from django.dispatch import Signal

inbound = Signal()
learnt = Signal()
reported = Signal()
new_sim = Signal()
answered = Signal()
breaker = Signal()
