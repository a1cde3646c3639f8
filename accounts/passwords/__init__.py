"""What a password may be, proving one, and changing it.

Rules (CONTRACT 6): long, any Unicode, no composition rules, nothing common, sequential, repeated
or personal, and none of the last ten. Lists are held offline: 40,101 passwords of public breaches
(``common``); no more is claimed, and nothing is asked of anybody at run time. The page that gives
advice while somebody types and the one that takes the password judge by the same function.
Nobody has to change a password because of its age: a reminder can be put off. Only signs that it is
known to somebody else demand a new one, and then nothing else opens. A change ends every other
session. ``proof`` is the one place where a password is compared: each wrong one is counted for
good, slows and locks as ``lockout`` says, and costs the same whether the name exists or not.
NIST SP 800-63B-4 3.1.1. Records password.* and sign_in.locked.
"""
