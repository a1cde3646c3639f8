"""Balances and positions of an account, as the brokerage's books have them at a time.

A system of the brokerage delivers them over ``POST /api/v1/figures`` with a service token of the
scope ``figures``: whole, each delivery in place of the one before. Promises: nothing older ever
takes the place of something newer, whatever order deliveries arrive in; nothing from the future is
kept; amounts are exact decimals; at rest all of it is sealed. Deliveries come by the minute and are
no acts of the client, so they are not recorded; the row says which system delivered it, and when.
"""
