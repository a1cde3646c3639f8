"""May this session do that? The one decision, and who asks for it.

The brokerage's own systems ask over ``POST /api/v1/decisions`` with a service token: a session may
do what the role on the account gives, as far as its interface offers it, within what the factor
allows, unless something is held (``rules.py``, pure). Money that leaves takes a fresh proof, which
is bound to amount and destination (PSD2 RTS art. 5): the person sees both in the portal, proves
there, and the brokerage asks again. One proof is good for one withdrawal, for five minutes; another
amount or destination is another question. An order is refused above the ceilings of its account,
and where it takes figures that are not there (``orders``). Records decision.* events.
"""
