"""What is said of a channel that is away."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.outbox.models import Channel


def away(channels: Collection[str]) -> str:
    """The banner above a code page, "" when nothing is away."""
    sms, voice = Channel.SMS in channels, Channel.VOICE in channels
    if sms and voice:
        return _(
            "Neither text messages nor calls get through reliably at the moment: the telephone "
            "service has trouble. If you can, use another way to sign in."
        )
    if sms:
        return _(
            "Text messages do not arrive reliably at the moment: the telephone service has "
            "trouble. Let us call you instead, or use another way to sign in."
        )
    if voice:
        return _(
            "Calls do not get through reliably at the moment: the telephone service has trouble. "
            "Ask for a text message instead, or use another way to sign in."
        )
    return ""
