"""``manage.py staff_roles``: what a member of staff may do in the console."""

from typing import Any

from django.core.management import CommandError, CommandParser
from django.db import transaction

from accounts.audit import services as audit
from accounts.users.models import User
from portal.console import staffing
from portal.console.rules import Role
from portal.management.plain import UserCommand


class Command(UserCommand):
    """Sets the roles of somebody of staff."""

    help = (
        "Set what a member of staff may do in the support console: all the roles that are given, "
        "and no others. For the first security officers, and where the console cannot be entered; "
        "otherwise two officers do it there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, why, and which."""
        super().add_arguments(parser)
        parser.add_argument(
            "--role", action="append", default=[], choices=[one.value for one in Role]
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """One line."""
        self.roles = [Role(one) for one in dict.fromkeys(options["role"])]
        super().handle(*args, **options)

    def act(self, user: User, reason: str) -> str:
        """One line."""
        if not user.is_staff:
            raise CommandError(f"{user.username} is not of our staff")
        with transaction.atomic():
            staffing.set_roles(
                audit.lock(user.pk),
                self.roles,
                reason=reason,
                actor=self.actor,
                origin=self.origin,
            )
        return f"{user.username}: {', '.join(self.roles) or 'no role'}"
