"""What programs do on an account, as its clients want to be told of it.

The brokerage's own systems report over ``POST /api/v1/events`` with a service token of the scope
``events``: calls of a program, a new bank instruction, an order. A user's rules ("more than 60
calls a minute", "an order above USD 50,000 from a program") are judged in the transaction that
keeps the event, under the user's lock: whatever order events arrive in, and however many at once, a
rule that is met stops all automation once (the switch of ``api_tokens``). An event is known by its
id for as long as one may be late, so that a repetition changes nothing. Calls to our own API by
tokens of the user count too (``services.noticed``). Nothing that happened before a rule was made,
or before programs were let go on, meets it. A rule only adds safety, so it is made at once;
removing one takes a proof. Where a bank instruction leads to is not kept. Records
automation.rule_* events.
"""
