"""The sensitive actions in words: one file a room, and one table of them all (``table.py``)."""
