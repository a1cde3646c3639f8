"""Addresses of some countries, and what somebody has done at home."""

from datetime import timedelta

from django.utils import timezone

from accounts.users.models import User
from sls.login import habits
from sls.login.habits import Habits
from sls.travel.models import Notice

AMERICA, JAPAN, GERMANY = "8.8.8.8", "133.1.2.3", "193.99.144.80"


def at_home(user: User, *, ago: timedelta = timedelta(days=2), country: str = "US") -> None:
    """``user`` has signed in often, and only from ``country``, at any hour; last ``ago``."""
    then = timezone.now() - ago
    kept = Habits({country: then.date().toordinal()}, (3,) * 24, country, int(then.timestamp()))
    user.habits = habits.after(kept, country=country, at=then)
    user.save(update_fields=["habits"])


def announced(user: User, *countries: str, ahead: int = 0, days: int = 14, **more) -> Notice:
    """A notice of ``user``, as ``sls.travel.services`` writes it; in force unless ``ahead``."""
    now = timezone.now()
    first = timezone.localdate(now) + timedelta(days=ahead)
    starts = now - timedelta(hours=1) + timedelta(days=ahead)
    return Notice.objects.create(
        user=user,
        first_day=first,
        last_day=first + timedelta(days=days - 1),
        starts_at=starts,
        ends_at=starts + timedelta(days=days),
        countries=",".join(sorted(countries or ("JP",))),
        made_at=starts,
        **more,
    )
