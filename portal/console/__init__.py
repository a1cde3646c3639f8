"""The support console: staff find a client, see what is going on, and help without their power.

Promises: a client finds no console and a staff identity no client page (404, ``access.py``); every
page and act is opened by a power of the one table (``rules.py``), and what is not in it is refused;
an act has a reason and a ticket, goes through the services of everybody, stands in the client's own
record with the first name of whoever did it, and is told to them (``acting.py``); grave acts take
two persons (``accounts/approvals``); nobody helps themselves; no page holds a code, a seed, a PIN,
a password or a token; that a client's page was opened is kept for auditors (``trail.py``). Records
support.acted, staff.*. (SECURITY A14, ASVS 6.4; NIST SP 800-63B-4, 4.6.)
"""
