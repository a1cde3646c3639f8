"""IB Key in the portal: a phone is invited by a session ID, and a page that waits learns what
became of its push. The phone itself is ``sls.methods.ib_key``; renaming, testing and removing it
belong to ``sls.devices``, as for every authenticator.
"""
