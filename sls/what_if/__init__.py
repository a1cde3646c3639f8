"""What if I lose ...? For every loss, what would still open the door, and how long it would take.

Nothing here is a rule of its own: the authenticators that a loss leaves are put to the decision of
the sign-in (``sls.login.rules``), so the page changes with the policy. Where nothing is left, what
mail and password lead to is asked of the table of the way back (``sls.recovery.rules``), and behind
that is the telephone of support. Records nothing.
"""
