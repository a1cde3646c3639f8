"""``manage.py verify_audit``: is every chain whole, and does it keep its checkpoints?"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from accounts.audit import checkpoints
from accounts.audit import services as audit
from accounts.audit.checkpoints import Point
from accounts.users.models import User
from portal.management.plain import PlainCommand


class Command(PlainCommand):
    """Recomputes every chain of the audit."""

    help = (
        "Recompute the audit chain of every user and that of the system, and compare them with "
        "their signed checkpoints. Names the first broken entry of each chain that is not whole, "
        "and exits with 1 if there is one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--checkpoints``."""
        parser.add_argument(
            "--checkpoints",
            type=Path,
            metavar="FILE",
            help="what export_checkpoints wrote, instead of the checkpoints in the database",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a broken chain, or one line in all."""
        kept = _read(options["checkpoints"]) if options["checkpoints"] else None
        chains = [(None, "system")]
        chains += [(user, user.username) for user in User.objects.order_by("username")]
        lines = [line for user, name in chains for line in _broken(user, name, kept)]
        if kept is not None:
            known = {"system", *(str(user.pk) for user, _ in chains if user)}
            gone = sorted({point.chain for point in kept} - known)
            lines += [f"chain of user {chain}: is gone" for chain in gone]
        for line in lines:
            self.stderr.write(line)
        if lines:
            sys.exit(1)
        self.stdout.write(f"{len(chains)} chains are whole")


def _broken(user: User | None, name: str, kept: list[Point] | None) -> Iterator[str]:
    number = audit.verify(user)
    if number is not None:
        yield f"chain {name}: entry {number} is broken or missing"
    number = checkpoints.broken(user, kept)
    if number is not None:
        yield f"chain {name}: entry {number} is not what its checkpoint says"


def _read(path: Path) -> list[Point]:
    try:
        with path.open(encoding="utf-8") as lines:
            return checkpoints.read(lines)
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {error}") from None
