"""Proving both ways who is on the telephone: references of conversations between staff and clients.

Nobody of staff talks to a client without a reference: eight characters with a check letter, good
for half an hour, and for one client. Whoever is called reads it back to us, on a public page or in
the portal, and hears first name, department, what it is about and the numbers at which we are
called back. Promises: a reference that is unknown, over, misread or another client's is answered
alike and in the same time; an answer names no client; nothing here opens anything. How a client
proves themselves to staff is ``sls/callers``; what came of it stands on the conversation.
Records caller.*.
"""
