"""The recovery kit: one page to print for the day when its owner is locked out, and a public page
that says whether a printed one is still current.

Promises: no secret stands on it, and contacts are masked. Everything on it that can change is a
``facts.Fact``, so what is printed and what is compared are the same. The code on the paper leads to
a signed address with a keyed digest of each fact: whoever finds the paper learns there whether it
is current and nothing else; its owner, signed in, reads what has changed. No table.
"""
