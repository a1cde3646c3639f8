"""Failures of the password and the soft lock they lead to.

Counted per name, known or not, in its canonical spelling (HMAC), and apart for each known device,
so a stranger's failures do not lock out the owner's own browser (ASVS 6.1.1). From the fifth
failure each next try waits longer; at ten within 24 h the name is locked until 24 h after the
last. Only a completed sign-in, the owner by other proofs (``sls/unlocking``) or staff (``unlock``)
clears the count. Counts commit before anything else happens. ``rules.may_authenticate`` is asked
by every way in. Records nothing: whoever counts a failure does.
"""
