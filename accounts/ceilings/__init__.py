"""The most that may be done on an account, as its owner has set it.

Three ceilings: what one order may be worth, the largest position in one symbol (both in US
dollars), and the greatest use of margin in per cent. An owner sets them. Lowering one holds at
once; raising or removing one takes a proof and ``HOLD_HOURS``, so that whoever reads the alert has
time to keep it as it is; a freeze drops what is still to come. ``rules.breach`` says why an order
is above them, from plain values: what it takes to judge and is not known means no. Each change is
in the record of every owner (ceiling.*), and told. A second user name of an owner only lowers.
"""
