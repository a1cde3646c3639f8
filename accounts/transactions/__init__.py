"""A transaction that looked unusual: its client says whether it was theirs.

It is flagged by staff or, over ``POST /api/v1/transactions``, by a system that watches them, once
for each of its ids, and withdrawals wait from then on, those of every user of its account. The
client hears of it by every way that reaches them and answers in the portal, once: "mine" takes the
strongest proof and lets it go on; "not mine" asks for nothing, opens a case, and leads to stopping
everything. Staff may have them asked by a call: on it "not mine" counts at once, "mine" is written
down and waits for that proof. Silence keeps the hold: a question that nobody answered in time is
told again, and only staff release it. The system reads how its transaction stands under its own id.
Promises: of two answers at once one counts; what is written about a transaction is plain text of
bounded length. Records transaction.*.
"""
