"""What our support asked to do for a client, decided by the client: they are the second person.

Promises: approving takes a fresh proof of identity; refusing takes none, for it only takes power
away from us. (FEATURES 36.)
"""
