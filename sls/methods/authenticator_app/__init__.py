"""Codes of an authenticator app: TOTP (RFC 6238), SHA-1, 6 digits, 30 s, steps -1, 0 and +1.

Each step is accepted once. The clock of a device may drift: the three steps lie around where its
last codes lay, which is followed slowly (``rules.recentred``). The seed is sealed, and opened only
while a code is compared and while the page that enrols it is shown; afterwards no page has it.
"""
