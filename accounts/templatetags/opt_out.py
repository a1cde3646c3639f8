"""The notice for whoever is opted out, and for whoever may change that."""

from django import template

from accounts.client_accounts import opt_out
from accounts.users.models import User

register = template.Library()


@register.inclusion_tag("client_accounts/_opted_out.html")
def opted_out_notice(user: User) -> dict[str, list]:
    """``{% opted_out_notice user %}``: nothing where there is nobody. Two queries at most."""
    return opt_out.seen_by(user) | {"user": user}
