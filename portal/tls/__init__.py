"""The watch over how the public address is encrypted (FEATURES 16, 17).

A beat task looks every hour at the address as a browser would: protocol, cipher, key, issuer, end.
What is weak is written into the record of the system and mailed to the security officers, once a
finding and again when it changes; once a day it is an error in the log. ``manage.py check_tls``
says the same at once. What a visitor may compare stands beside the address on the sign-in page.
Records tls.*.
"""
