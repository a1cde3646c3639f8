"""The card on the page of authenticators: on its way, ordered, or to be requested."""

from django import template

from accounts.users.models import User
from sls.cards import pages

register = template.Library()


@register.inclusion_tag("cards/_panel.html", takes_context=True)
def security_card(context: template.Context, user: User) -> dict:
    """``{% security_card user %}``. Two queries."""
    return {**pages.panel(user), "csrf_token": context.get("csrf_token")}
