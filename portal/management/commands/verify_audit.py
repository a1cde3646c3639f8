"""``manage.py verify_audit``: is every chain whole?"""

import sys
from typing import Any

from accounts.audit import services as audit
from accounts.users.models import User
from portal.management.plain import PlainCommand


class Command(PlainCommand):
    """Recomputes every chain of the audit."""

    help = (
        "Recompute the audit chain of every user and that of the system. Names the first broken "
        "entry of each chain that is not whole, and exits with 1 if there is one."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a broken chain, or one line in all."""
        chains = [(None, "system")]
        chains += [(user, user.username) for user in User.objects.order_by("username")]
        broken = 0
        for user, name in chains:
            number = audit.verify(user)
            if number is not None:
                broken += 1
                self.stderr.write(f"chain {name}: entry {number} is broken or missing")
        if broken:
            sys.exit(1)
        self.stdout.write(f"{len(chains)} chains are whole")
