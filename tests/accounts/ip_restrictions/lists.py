"""Lists as tests need them, made the way people make them."""

from datetime import timedelta

from django.utils import timezone

from accounts.ip_restrictions import drafting, services
from accounts.ip_restrictions.models import Restriction
from accounts.origin import Origin, digest
from accounts.sessions.models import KnownDevice
from accounts.users.models import User

HOME = Origin(address="203.0.113.7")
HOTEL = Origin(address="198.51.100.20")
INSIDE = Origin(address="127.0.0.1")  # where private networks are taken


def draft(user: User, *networks: str, platform: str = "all", by: User | None = None) -> None:
    """Drafts entries."""
    for typed in networks:
        made = drafting.add_network(
            user=user, typed=typed, label="", platform=platform, by=by or user, origin=INSIDE
        )
        assert isinstance(made, Restriction), made


def restrict(user: User, *networks: str, platform: str = "all") -> None:
    """A list that is in force and confirmed, made from the first address of it."""
    draft(user, *networks, platform=platform)
    origin = Origin(address=networks[0].partition("/")[0])
    assert services.apply(user=user, by=user, origin=origin, typed=origin.address) is None
    later = timezone.now() + timedelta(seconds=1)
    assert services.confirm(user=user, by=user, opened_at=later, origin=origin) is None
    user.refresh_from_db()


def known_browser(user: User, cookie: str) -> KnownDevice:
    """A browser that the user has signed in with."""
    now = timezone.now()
    return KnownDevice.objects.create(
        user=user, digest=digest(cookie), agent="", first_at=now, last_at=now
    )


def states(user: User) -> dict[str, str]:
    """The networks of a list and where they stand."""
    return dict(Restriction.objects.filter(user=user).values_list("network", "state"))
