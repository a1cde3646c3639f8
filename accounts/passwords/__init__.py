"""What a password may be, and proving one.

Rules (CONTRACT 6): long, any Unicode, no composition rules, nothing common, sequential, repeated
or personal. ``proof`` is the one place where a password is compared: each wrong one is counted for
good, slows and locks as ``lockout`` says, and costs the same whether the name exists or not.
Records password.* and sign_in.locked.
"""
