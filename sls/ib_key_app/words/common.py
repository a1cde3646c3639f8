"""What every screen says, what goes wrong, and the app's own settings."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "back": _("Back"),
    "next": _("Next"),
    "continue": _("Continue"),
    "done": _("Done"),
    "login": _("Login"),
    "on": _("Switched on"),
    "off": _("Switched off"),
    "countdown.left": _("{time} left"),
    "error.offline": _("No answer came. Check the connection of your phone and try again."),
    "error.unverified": _("Your phone did not confirm that it is you. Try again."),
    "error.often": _("That was tried too often. Try again in {seconds} seconds."),
    "error.wrong_left": _("That did not match. Tries left: {count}."),
    "error.refused": _(
        "Username and password, or the session ID, do not match, or the session ID is over."
    ),
    "error.wrong": _("That did not match. Check it and try again."),
    "error.over": _("This activation is over. Start again; nothing was changed."),
    "error.replaced": _("IB Key of this user is now on another phone."),
    "error.removed": _("IB Key was removed from this phone."),
    "error.suspended": _("IB Key on this phone is suspended."),
    "error.stopped": _("Everything is stopped for this user name."),
    "error.clock": _(
        "The clock of your phone is wrong. Let it set the time by itself and try again."
    ),
    "error.signature": _("This phone is not known. Activate IB Key again."),
    "error.other": _("That did not work. Try again in a moment."),
    "settings.title": _("Settings"),
    "settings.platform": _("Steps and buttons"),
    "settings.platform_text": _("As in the instructions for your phone."),
    "settings.language": _("Language"),
    "settings.about": _("About IB Key"),
    "settings.keys": _(
        "Your keys are made on this phone and never leave it. Clearing the data of this "
        "site removes them; then you activate IB Key again."
    ),
    "settings.help": _("No phone, no number, no card? Call Secure Login support: {telephone}."),
    "elsewhere.title": _("IB Key is open in another window"),
    "elsewhere.lead": _("One window at a time, so that no request is answered twice."),
    "elsewhere.here": _("Use it here"),
    "broken.title": _("This browser keeps nothing"),
    "broken.lead": _(
        "IB Key needs a place for its keys. Leave private browsing, or allow this site to"
        " keep data."
    ),
    "broken.again": _("Try again"),
    "insecure.title": _("IB Key needs HTTPS"),
    "insecure.lead": _("Open it at its https:// address. Without one a browser keeps no keys."),
    "install.apple": _(
        'Put IB Key on the home screen: Share, then "Add to Home Screen". Notifications '
        "work only from there."
    ),
    "install.button": _("Install IB Key"),
    "name.android": _("Android phone"),
    "name.other": _("This device"),
}
