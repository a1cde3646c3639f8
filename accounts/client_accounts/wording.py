"""The sentences about the users of an account."""

from django.utils.translation import gettext as _

from accounts.client_accounts.models import ClientAccount
from accounts.client_accounts.rules import Refusal


def first_name_alone() -> str:
    """Why a second user name of an owner does not do it."""
    return _("Whatever lets more be done here takes the first of your user names on this account.")


def of_refusal(refusal: Refusal, account: ClientAccount) -> str:
    """Why it was not done, and what can be done instead."""
    return {
        Refusal.FULL: _(
            "This account has %(most)s users, and takes no more. Remove one to add another."
        )
        % {"most": account.most},
        Refusal.LISTED: _("That user name is on this account already."),
        Refusal.LAST_OWNER: _(
            "An account always has an owner, and this is the only one. Make somebody else an owner "
            "first."
        ),
        Refusal.NOT_YOURS: _("Owners of the account alone can change that."),
        Refusal.OPTED_OUT: _(
            "That user name is opted out of the Secure Login System, which this account does not "
            "allow. They have to be opted back in first."
        ),
    }[refusal]
