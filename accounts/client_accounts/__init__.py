"""The brokerage account: its number, legal entity and equity, and who may do what on it.

Equity is what the brokerage reports, in the account's base currency; amounts are decimals.
Whoever was opted out of the Secure Login System in older days (``opt_out.py``) is opted back in by
the owner of an account. Records sls.opted_* events.
"""
