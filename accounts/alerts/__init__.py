"""Who hears of what: a catalogue from event to message and audience, and the receiver that
queues the messages in the transaction of the event.

Every message says who we are, what happened, when (with zone), where, and what to do if it was
not you; none asks for a password or links to a page that does.
"""
