"""What the legal entity of an account decides. Pure."""

from collections.abc import Iterable

# Hong Kong (SFC, 27 October 2017) and India (NSE, 25 March 2014) let nobody opt out.
NEVER_OPTED_OUT = frozenset({"HK", "IN"})


def may_opt_out(entities: Iterable[str]) -> bool:
    """Whether somebody with accounts at these entities may be opted out of the second factor."""
    return NEVER_OPTED_OUT.isdisjoint(entities)
