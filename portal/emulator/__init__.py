"""A stand-in for everything outside: Twilio, the telephones, the mail server, the DSC+ cards.

For development, tests and the demo. It answers Twilio's REST API so that the official client,
with only its base URL changed, cannot tell the difference; signs its callbacks; fetches and
speaks TwiML; shows each telephone as a page (``/phone/``), each mailbox (``/mail/``) and each card
(``/card/``), and fails on demand (``/control/faults``).

It stands outside the portal: it speaks HTTP and SMTP only, has settings of its own, keeps its
state in the memory of one process, and imports nothing of the portal but ``sls.algorithms``, by
which a card computes. It shows security codes to whoever opens its pages, so it answers loopback
only and refuses to start in production.

Which file does what: ``rest`` and beside it ``messages``, ``calls`` and ``lookups`` answer the API;
``orders`` decides what Twilio refuses; ``carrier`` moves an SMS along, ``caller`` a call,
``conversation`` speaks TwiML; ``callbacks`` tells the portal; ``phone``, ``mail`` and ``card`` are
the pages, ``keypad`` the keys of a card; ``faults`` breaks things.
"""
