"""What is said of the users on this phone, and when it answers."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "home.title": _("Ready"),
    "home.lead": _("Requests show up here by themselves."),
    "home.nobody": _("No user is active on this phone"),
    "home.offline": _("No connection. Codes can be generated all the same."),
    "home.code": _("Generate Code"),
    "home.response": _("Generate Response"),
    "home.add": _("Add User"),
    "state.active": _("Active"),
    "state.pending": _("Not finished"),
    "state.replaced": _("On another phone"),
    "state.removed": _("Removed"),
    "state.suspended": _("Suspended"),
    "state.stopped": _("Stopped"),
    "state.unknown": _("Not known"),
    "approve.announce": _("A request waits: {action}"),
    "approve.lead": _("For {username}. Was this you?"),
    "approve.platform": _("Platform"),
    "approve.place": _("Place"),
    "approve.browser": _("Browser"),
    "approve.time": _("Asked"),
    "approve.digits": _("Type the three digits from the portal"),
    "approve.three": _("Type the three digits that the portal shows."),
    "approve.approve": _("Approve"),
    "approve.refuse": _("Refuse"),
    "refuse.title": _("Nothing was approved. Why not?"),
    "refuse.lead": _("Your answer decides what happens next."),
    "refuse.cancelled": _("I cancelled"),
    "refuse.cancelled_text": _("It was me, but I no longer want it"),
    "refuse.not_me": _("This was not me"),
    "refuse.not_me_text": _("Somebody may know my password"),
    "refuse.unsure": _("Not sure"),
    "refuse.unsure_text": _("I want to look first"),
    "outcome.approved": _("Approved"),
    "outcome.approved_text": _("The page you came from goes on by itself."),
    "outcome.used": _("Already answered"),
    "outcome.used_text": _("This request has its answer. Nothing is left to do."),
    "outcome.expired": _("The request is over"),
    "outcome.expired_text": _(
        "It lives for three minutes. Ask for a new one on the portal's page."
    ),
    "outcome.superseded": _("A newer request took its place"),
    "outcome.superseded_text": _(
        "Only the newest one can be approved. Check that you asked for it."
    ),
    "outcome.digits": _("The digits did not match"),
    "outcome.digits_text": _(
        "This request is over, so that nobody can guess. Ask for a new one if it was you."
    ),
    "outcome.refused": _("Request refused"),
    "outcome.refused_text": _("Nobody was let in."),
    "outcome.cancelled": _("Request refused"),
    "outcome.cancelled_text": _("Nothing was approved. You may start again whenever you like."),
    "outcome.unsure": _("Refused, to be safe"),
    "outcome.unsure_text": _(
        "Look at your activity in the portal. If you do not know this sign-in, change "
        "your password."
    ),
    "outcome.not_me": _("Refused. Now close the door"),
    "outcome.not_me_text": _(
        "Whoever asked may know your password. Freezing ends all sessions and stops "
        "withdrawals at once."
    ),
    "outcome.freeze": _("Freeze my access"),
    "code.who": _("For which user?"),
    "code.lead": _("For {username}. No network is needed."),
    "code.challenge": _("Challenge code"),
    "code.six": _("A challenge code has six digits."),
    "code.keypad": _("Digits"),
    "code.erase": _("Erase the last digit"),
    "code.generate": _("Generate Passcode"),
    "response.title": _("Response string"),
    "response.lead": _("Type it where the challenge is shown. For {username}."),
    "response.challenge": _("For the challenge {challenge}"),
    "response.never": _("Never say it to anybody who calls you."),
    "response.call": _(
        "It proves who you are on the telephone, and signs nobody in. Say it only once you know "
        "that it is us: check the reference of the call in the portal."
    ),
    "response.copy": _("Copy"),
    "response.copied": _("Copied"),
    "pin.change": _("Change PIN"),
    "pin.change_lead": _("For {username}. Needs a connection."),
    "pin.old": _("Current PIN"),
    "pin.new": _("New PIN"),
    "pin.changed": _("The PIN is changed."),
    "user.since": _("On this phone since {at}"),
    "user.state": _("State"),
    "user.element": _("Security element"),
    "user.push": _("Notifications"),
    "user.phone": _("This phone"),
    "user.name": _("Name of this phone"),
    "user.name_empty": _("Give the phone a name."),
    "user.rename": _("Save the name"),
    "user.renamed": _("The name is saved."),
    "user.remove": _("Remove from this phone"),
    "user.remove_text": _("Sign-ins then need another method"),
    "push.unsupported": _(
        "Notifications are not possible here. On an iPhone, open IB Key from the home screen."
    ),
    "push.denied": _(
        "Notifications are blocked. Allow them for IB Key in the settings of your phone."
    ),
    "push.turn_on": _("Turn on notifications"),
    "push.turn_off": _("Turn off"),
    "push.on": _("Notifications are on."),
    "push.off": _("Notifications are off."),
    "push.test": _("Send a test"),
    "push.tested": _("A test is on its way. It shows up within seconds."),
    "remove.title": _("Remove {username}?"),
    "remove.lead": _(
        "The keys of this user are deleted from this phone at once. Make sure that "
        "another method works."
    ),
    "remove.go": _("Remove"),
    "remove.keep": _("Keep it"),
    "ended.replaced": _("This phone was replaced"),
    "ended.replaced_text": _(
        "IB Key of {username} is active on another phone. This one confirms nothing any more."
    ),
    "ended.replaced_way": _("Migrate it back to this phone"),
    "ended.removed": _("IB Key was removed"),
    "ended.removed_text": _("This phone does not confirm sign-ins of {username} any more."),
    "ended.removed_way": _("Activate again"),
    "ended.suspended": _("IB Key is suspended"),
    "ended.suspended_text": _(
        "That were ten responses in a row that did not match for {username}. Reactivating"
        " gives this phone new keys."
    ),
    "ended.suspended_way": _("Reactivate IB Key"),
    "ended.stopped": _("Everything is stopped"),
    "ended.stopped_text": _(
        "The access of {username} is frozen. As soon as it is free again, this phone "
        "works as before."
    ),
    "ended.unknown": _("This phone is not known"),
    "ended.unknown_text": _(
        "The portal does not know this phone for {username}. It asks again by itself; if that does "
        "not help, activate IB Key again."
    ),
    "ended.unknown_way": _("Activate again"),
    "ended.not_you": _("If this was not you, call {telephone} at once."),
    "ended.forget": _("Take it off the list"),
}
