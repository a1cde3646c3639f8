"""When a carrier fails: another channel comes first, by itself, and back again by itself.

Beat judges the last minutes of each channel of the telephone (``services.judge``). While one is
away, pages say so, and a code is not sent by it unasked; whoever wants it all the same may ask for
it, and what comes of that tells whether the carrier is back. Staff may overrule both ways for some
hours, with a reason and a ticket. A page reads the standing from Redis in one trip; without an
answer nothing is away. Records guard.carrier_away, guard.carrier_back, guard.carrier_overruled.
"""
