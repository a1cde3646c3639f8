"""Whose list is whose business: one's own, and those of the users one looks after."""

from accounts.client_accounts.services import managed_by
from accounts.users.models import User


def looked_after(user: User) -> list[User]:
    """``user`` first, then everybody whose list they keep. One query."""
    people = managed_by(user).filter(is_active=True).order_by("name", "pk")
    return sorted(people, key=lambda one: one != user)


def find(by: User, pk: int) -> User | None:
    """The user whose list ``by`` may see and change, or None. No query for one's own."""
    if pk == by.pk:
        return by
    return managed_by(by).filter(pk=pk, is_active=True).first()


def actor(by: User, user: User) -> str:
    """Who did it, for the record of ``user``."""
    return "self" if by.pk == user.pk else f"manager:{by.username}"
