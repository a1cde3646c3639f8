"""Who hears of what happened, by which channels.

``catalogue.py`` is the whole of it as data. An alert is queued in the transaction of the act it
tells of (one row each, so nobody waits for a mail server), and a text that cannot be rendered
undoes the act rather than staying silent. Alerts name who we are, what happened, when and where,
what to do if it was not you, and a reference, and carry the client's own phrase. Every mail holds
the link that stops everything (``accounts/freeze/links.py``); old and new address both hear of a
contact change, and the mail to the old one also holds the link that undoes it. No link leads to a
page that asks for a password.

``choices.py`` is what an owner adds and silences, ``phrases.py`` their phrase, ``inbox.py`` the
same notices in the portal, ``summary.py`` the digest by mail.
"""
