"""Codes of an authenticator app: TOTP (RFC 6238), SHA-1, 6 digits, 30 s, steps -1, 0 and +1.

Each step is accepted once. The seed is sealed and opened only while a code is compared.
"""
