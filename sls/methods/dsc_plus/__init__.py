"""Digital Security Card+ (DSC+): a card that answers a challenge behind a PIN (RFC 6287).

``PIN>`` takes four digits, ``CHALLNG>`` the six digits of the page, and the card shows eight. The
PIN is part of the computation: the card cannot tell a wrong one, so only the server counts
failures, and a stolen card says nothing about its PIN. A challenge lives three minutes, never
repeats for a card and is one at a time; three wrong answers end it, ten in a row disable the card.

A card is stock until it is shipped to a client. One card may serve several user names of the same
person; failures and challenges count for the card, everything else for the name.
"""
