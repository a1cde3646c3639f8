"""Home with its check-up, what is in motion, the timeline of sign-ins and the map of privileges;
User Settings with their panels.

Home costs one query beside that of the session, and one more for whoever has to be opted back in by
others.
"""
