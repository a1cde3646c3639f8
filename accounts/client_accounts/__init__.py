"""The brokerage account: its number, legal entity and equity, and who may do what on it.

Equity is what the brokerage reports, in the account's base currency; amounts are decimals.
"""
