"""Rules of a password (CONTRACT 6): long, any Unicode, no composition rules, nothing common,
sequential, repeated or personal. The same verdict for advice while typing and for the server.
"""
