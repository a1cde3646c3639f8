"""Backup codes: ten single-use codes on paper, for the day on which nothing else is at hand.

A set is one authenticator, so the failures of all its codes are counted together and disable it;
each code is used once, in the transaction that judges it, and that is mailed to every address. The
codes are shown in the one answer that makes them; a new set ends the old one in the same
transaction. They stand in for other methods: a set alone does not keep the door open.

A code has 80 bits. What is stored of it is scrypt over an HMAC of the code (``hashing.py``); the
key of the HMAC is sealed with the set and erased with it, the salt and the cost lie beside it in
clear. Salt, cost and key are those of the set, so that one slow hash a try is enough to compare
with all ten, which happens in constant time. Records backup_code.used.
"""
