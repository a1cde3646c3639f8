"""What takes two persons of staff: who they are, and why they may not (SECURITY A14)."""

from collections.abc import Sequence

from accounts.users.models import User

TWO = 2


class NotTwo(ValueError):
    """These are not two who may act on this client; the message is one line for an operator."""


def actor(by: Sequence[User], *, on: User | None) -> str:
    """Who did it, for the audit: ``"staff:sam+tess"``. Raises ``NotTwo``.

    ``by`` are whoever asked and whoever agreed: two persons of staff, whatever user names they
    have, and neither of them the client ``on`` whom they act (None where it concerns the house).
    The client's own agreement, proven by something of theirs that still works, stands in for the
    second (``"staff:sam+client"``).
    """
    if len(by) != TWO:
        raise NotTwo("it takes two persons")
    first, second = by
    people = [first] if second == on else [first, second]
    for one in people:
        if not one.is_staff or not one.is_active or one.frozen_at is not None:
            raise NotTwo(f"{one.username} is not of the staff who may act")
        if on is not None and are_one(one, on):
            raise NotTwo(f"{one.username} may not act on {on.username}")
    if second == on:
        return f"staff:{first.username}+client"
    if are_one(first, second):
        raise NotTwo("it takes two persons of staff")
    return f"staff:{first.username}+{second.username}"


def are_one(first: User, second: User) -> bool:
    """Whether both user names are of one person, as far as is known."""
    return _person(first) == _person(second)


def _person(user: User) -> str:
    return (user.person or user.username).casefold()
