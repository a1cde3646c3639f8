"""Passkeys (WebAuthn): a key pair whose private half never leaves the client's side.

The one method that a fake page cannot relay: browser and authenticator sign the address that
asked. The server trusts neither: address, type, challenge, presence, verification of the person,
algorithm, counter and backup flags are all checked here, whatever the page's script wished
(CVE-2026-8830).
User verification is required, so a passkey also stands for both factors (``sls/login/alone.py``).
No attestation is asked for. Keys are public and lie unsealed; revocation erases them.
Records device.counter_back.
"""
