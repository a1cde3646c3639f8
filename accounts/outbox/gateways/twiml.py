"""A call's script in TwiML, from the one autoescaped template."""

from django.conf import settings
from django.template.loader import render_to_string

from accounts.outbox.ports import VoiceScript

KEY_SECONDS = 8  # the ear first has to understand that a key is wanted


def render(script: VoiceScript) -> str:
    """The document; with an action it waits for one key and hangs up without one."""
    language, voice = settings.TWILIO_VOICES.get(script.language, settings.TWILIO_VOICES["en"])
    return render_to_string(
        "twiml/say.xml",
        {
            "lines": script.lines,
            "language": language,
            "voice": "" if voice == "none" else voice,
            # Inline TwiML has no address of its own, so the action is absolute.
            "action": f"{settings.PUBLIC_BASE_URL}{script.action}" if script.action else "",
            "key_seconds": KEY_SECONDS,
        },
    ).strip()
