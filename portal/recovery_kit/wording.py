"""The steps on the kit: short, in the order in which they are done."""

from django.utils.translation import gettext as _


def freeze(wait: int) -> list[str]:
    """How everything is stopped, from whatever is still at hand."""
    again = _(
        "To go on again: your strongest authenticator and %(hours)d hours, or two of our staff."
    )
    return [
        _("Signed in anywhere: press “This was not me” at the foot of any page."),
        _("A mail of ours at hand: press “This was not me” in it. No password is asked for."),
        _("Neither: call us and say “stop everything”."),
        again % {"hours": wait},
    ]


def revoke() -> list[str]:
    """How keys of programs and instructions to banks end."""
    return [
        _("Stopping everything revokes all API keys and holds all bank instructions at once."),
        _("Only a key is lost: revoke it under Settings, Trading Platform, API tokens."),
        _("Then call us: we read your linked bank instructions to you, and you say which end."),
        _("Tell your bank too, and change the password of your e-mail."),
    ]
