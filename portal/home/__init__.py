"""Home, User Settings with their panels, and the page about who is calling.

Home costs one query beside that of the session, and one more for whoever has to be
opted back in by others.
"""
