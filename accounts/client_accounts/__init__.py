"""The brokerage account: its number, legal entity and equity, and who may do what on it.

Equity is what the brokerage reports, in the account's base currency; amounts are decimals. Whoever
was opted out of the Secure Login System in older days (``opt_out.py``) is opted back in by the
owner of an account. What each role may do is one table (``rules.MAY``); owners and security
officers look after the others (``people``), within the limit of the kind of account, and one owner
always remains. A second user name of the same person never moves money. A person takes rights off
their own phones (``phones``), an owner sets an account apart for algorithms (``algorithms``): at
once, while giving back takes a proof, and money a day. An account moves between entities without
touching what proves its users (``moving``). Records account.user_*, account.moved, algorithms.*,
phones.* and sls.opted_* events.
"""
