"""Signed webhooks: the brokerage's own systems hear at once what a client's security came to.

An endpoint is an https address of theirs, the kinds of events it takes, and one or two secrets.
Events follow from the audit (``recorded``), so one exists if and only if its cause does; it says
its id, type, time and user name, and where sessions ended their handles: no token, address, number
or code. Each post is signed anew over ``timestamp.body`` with every secret (HMAC-SHA256, RFC 2104);
``verifying`` is what a receiver does with it, to be copied.

A post is a message of the outbox. It is tried for ``WEBHOOK_LIFE_HOURS``, for a repeated one is
recognised by its id: 2xx is taken, 410 switches the endpoint off, 429, 5xx and silence are tried
again, everything else is refused. Names are resolved at each post, within the same bound of time,
and the very address that was judged is called; no redirect is followed. What lets more out of the
house, an endpoint, a key, another kind of event, takes two of staff (``portal/console``). An
endpoint that fails rests, and no more than ``WEBHOOKS_AT_ONCE`` posts are on the way, so that codes
never wait behind it. Records webhook.*.
"""
