"""The check-up in words: for each finding a sentence, and where its one action leads."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.home.rules import Facts, Finding, Section, Standing, Tier, Topic, check_up

TOPICS: dict[Topic, Promise] = {
    Topic.FACTORS: _("Sign-in factors"),
    Topic.RECOVERY: _("Recovery and contacts"),
    Topic.DEVICES: _("Devices and sessions"),
    Topic.ALERTS: _("Alerts"),
    Topic.ADDRESSES: _("API and IP rules"),
}
TIERS: dict[Tier, Promise] = {
    Tier.PREVENT: _("Prevent"),
    Tier.DETECT: _("Detect"),
    Tier.RESPOND: _("Respond"),
}
STATES: dict[Standing, tuple[str, Promise]] = {
    Standing.URGENT: ("danger", _("Act now")),
    Standing.TO_DO: ("warning", _("To do")),
    Standing.LOOK: ("notice", _("Have a look")),
    Standing.OPTIONAL: ("", _("Optional")),
    Standing.DONE: ("good", _("In order")),
}
# For each finding the sentence, the name of an address, and what leads there.
WORDS: dict[Finding, tuple[Promise, str, Promise]] = {
    Finding.NO_FACTOR: (
        _("Nothing but a password protects your sign-in."),
        "devices",
        _("Add an authenticator"),
    ),
    Finding.OPTED_OUT: (
        _("You are opted out of the Secure Login System, so your withdrawal limits are lower."),
        "opted_out",
        _("Opt back in"),
    ),
    Finding.BRIDGED: (
        _("You came in by something that ends soon. Put something of your own in its place."),
        "devices",
        _("Add one"),
    ),
    Finding.PASSKEY_DUE: (
        _("Signing in will soon take a passkey, and you have none."),
        "devices",
        _("Add a passkey"),
    ),
    Finding.ONE_FACTOR: (
        _("You have one way to prove who you are. If you lose it, coming back takes days."),
        "what_if",
        _("See what would help"),
    ),
    Finding.TELEPHONE_ONLY: (
        _("Your codes come to a telephone number only. Numbers can be taken over."),
        "devices",
        _("Add an authenticator"),
    ),
    Finding.NO_PASSKEY: (
        _("A passkey cannot be given away to a false page, and is quicker than a code."),
        "devices",
        _("Add a passkey"),
    ),
    Finding.FACTORS: (
        _("You hold a passkey, and something else lets you in if you lose it."),
        "devices",
        _("Review"),
    ),
    Finding.RECOVERING: (
        _("Somebody asked for a new way to sign in. If that was not you, stop it."),
        "not_me",
        _("This was not me"),
    ),
    Finding.NEW_SIM: (
        _("The SIM card of your mobile number was changed. If that was not you, act now."),
        "not_me",
        _("This was not me"),
    ),
    Finding.NO_PHONE: (
        _("There is no verified mobile number that security codes can be sent to."),
        "phones",
        _("Add a number"),
    ),
    Finding.CALLS_ONLY: (
        _("Codes come to your number by call only; text messages do not reach it."),
        "phones",
        _("Review your numbers"),
    ),
    Finding.CHECK_DUE: (
        _("It is half a year since you last looked at your e-mail address and telephone number."),
        "contact_check",
        _("Check your contacts"),
    ),
    Finding.NO_SPARE: (
        _("Printed backup codes let you in on the day your telephone is gone."),
        "devices",
        _("Print backup codes"),
    ),
    Finding.CONTACTS: (
        _("We can reach you, and printed codes let you in if your telephone is gone."),
        "what_if",
        _("What if I lose something?"),
    ),
    Finding.UNUSUAL: (
        _("There was an unusual sign-in in the last seven days. Was it you?"),
        "sessions",
        _("Look at sessions"),
    ),
    Finding.NEW_DEVICE: (
        _("Somebody signed in from a new device in the last seven days. Was it you?"),
        "sessions",
        _("Look at sessions"),
    ),
    Finding.OTHERS: (
        _("You are signed in elsewhere too."),
        "sessions",
        _("See where"),
    ),
    Finding.ALONE: (_("You are signed in here and nowhere else."), "sessions", _("See sessions")),
    Finding.NO_EMAIL: (
        _("There is no verified e-mail address that alerts can be sent to."),
        "emails",
        _("Add an address"),
    ),
    Finding.ALERTS: (
        _("Whatever changes your access is mailed to you at once."),
        "settings_communication",
        _("Review"),
    ),
    Finding.ON_TRIAL: (
        _("Your IP restrictions are on trial. Unless you confirm them, they are taken back."),
        "ip_restrictions",
        _("Confirm them"),
    ),
    Finding.ANYWHERE: (
        _("Anyone with your password and device can sign in from anywhere."),
        "ip_restrictions",
        _("Restrict addresses"),
    ),
    Finding.RESTRICTED: (
        _("Signing in works only from the places that you listed."),
        "ip_restrictions",
        _("Review"),
    ),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A section as it is read. ``tone`` and ``state`` are for ``components/state.html``."""

    code: str
    title: str
    tier: str
    sentence: str
    tone: str
    state: str
    url: str
    action: str
    is_done: bool


def shown(facts: Facts) -> list[Shown]:
    """The check-up, what presses most first."""
    return [_shown(section) for section in check_up(facts)]


def _shown(section: Section) -> Shown:
    sentence, url, action = WORDS[section.finding]
    tone, state = STATES[section.standing]
    return Shown(
        code=section.topic.value,
        title=str(TOPICS[section.topic]),
        tier=str(TIERS[section.tier]),
        sentence=str(sentence),
        tone=tone,
        state=str(state),
        url=url,
        action=str(action),
        is_done=section.is_done,
    )
