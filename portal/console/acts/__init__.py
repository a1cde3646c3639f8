"""The acts of staff for a client, a file for each group; ``table.py`` names them all.

A new act: a function here that calls the service which does it, a line in ``table.py``, and its
words in ``accounts/approvals/wording.py``.
"""
