"""What is said of choices and of phrases."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.alerts.categories import WORDS, Category, Way
from accounts.alerts.rules import PHRASE_MAX, PHRASE_MIN, Flaw

DIGESTS: dict[str, Promise] = {
    "daily": gettext_lazy("Every day"),
    "weekly": gettext_lazy("Every week"),
    "off": gettext_lazy("Never"),
}


def of_choice(detail: Mapping[str, str]) -> str:
    """What was chosen, from the detail of its entry or from a choice that was posted."""
    if "digest" in detail:
        return _("The summary by e-mail comes: %(how_often)s.") % {
            "how_often": DIGESTS[detail["digest"]]
        }
    name = WORDS[Category(detail["category"])].name
    words = {
        Way.SMS: _("Text messages about every event of this kind: %(name)s."),
        Way.EMAIL: _("E-mails that are not about your security, of this kind: %(name)s."),
    }[Way(detail["way"])]
    return words % {"name": name}


def act_of(choice: str) -> str:
    """What switching ``choice`` off does, said before it is proven."""
    what, _dot, way = choice.partition(".")
    if what == "digest" and way in DIGESTS:
        return of_choice({"digest": way})
    if what in {*Category} and way in {*Way}:
        done = of_choice({"category": what, "way": way})
        return _("Switch off: %(what)s") % {"what": done}
    return _("Switch alerts off")


FLAWS: dict[Flaw, Promise] = {
    Flaw.SHORT: gettext_lazy("Take at least %(least)d characters."),
    Flaw.LONG: gettext_lazy("Take at most %(most)d characters."),
    Flaw.STRANGE: gettext_lazy(
        "Take letters, digits, spaces and plain marks only, and at least one letter."
    ),
    Flaw.MIXED: gettext_lazy("Take letters of one script only: others look like them."),
    Flaw.LINK: gettext_lazy("A phrase cannot hold an address of the web or of e-mail."),
    Flaw.DIGITS: gettext_lazy("A long row of digits could be taken for a code. Take words."),
    Flaw.NAME: gettext_lazy("Anybody could guess your name, your user name or ours. Take another."),
    Flaw.PASSWORD: gettext_lazy("That is your password. It must never stand in a message."),
}


def of_flaw(flaw: Flaw) -> str:
    """Why a phrase is not taken, in one sentence."""
    return str(FLAWS[flaw]) % {"least": PHRASE_MIN, "most": PHRASE_MAX}
