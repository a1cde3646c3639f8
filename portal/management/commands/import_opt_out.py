"""``manage.py import_opt_out``: an opt-out that was agreed before this portal."""

from django.core.management import CommandError

from accounts.client_accounts.opt_out import CannotOptOut, import_opt_out
from accounts.users.models import User
from portal.management.plain import UserCommand


class Command(UserCommand):
    """Marks a client as opted out of the second factor on trading platforms."""

    help = (
        "Import an opt-out of the Secure Login System that was agreed before this portal: trading "
        "platforms take the password alone, and withdrawals have the limits of no second factor. "
        "The portal itself goes on asking for one. Nobody with an account in Hong Kong or India "
        "can be opted out. The client is told, and is opted back in by the owner of the account."
    )
    names = "the agreement"

    def act(self, user: User, reason: str) -> str:
        """One line."""
        try:
            changed = import_opt_out(user=user, reason=reason, origin=self.origin, actor=self.actor)
        except CannotOptOut as error:
            raise CommandError(str(error)) from None
        state = "is opted out" if changed else "was opted out already"
        return f"{user.username} {state}"
