"""The Secure Login System: proving that it is you.

The upper of the two domain packages: it may import ``accounts``, never ``portal``.
"""
