"""One login identity for clients and staff.

Promises: names are unique in their canonical spelling (NFKC, case-folded, CVE-2026-97764); asking
"is this the password?" costs the same time for unknown names, wrong and right passwords; the slow
hash runs in a bounded number of slots, and a full house says so instead of queueing for ever.
"""
