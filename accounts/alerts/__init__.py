"""Who hears of what happened, by which channels.

``catalogue.py`` is the whole of it as data. An alert is queued in the transaction of the act it
tells of (one row each, so nobody waits for a mail server), and a text that cannot be rendered
undoes the act rather than staying silent. Alerts name who we are, what happened, when and where,
what to do if it was not you, and a reference; they hold no link. Old and new address both hear of
a contact change. Records nothing.
"""
