"""The page of the online security code card: made, printed, activated (KB1873).

All that a session opens that a temporary passcode opened in its second period. The sheet is in the
one answer that makes it and in no other; what is typed from it activates it. A new sheet ends the
one before when it is activated. ``sls.methods.online_card`` keeps the mechanics.
"""
