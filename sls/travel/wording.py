"""Travel notices in words."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sls.travel import countries
from sls.travel.models import Notice
from sls.travel.rules import Days, Refusal, Stage

REFUSALS = {
    Refusal.BACKWARDS: gettext_lazy("The last day lies before the first day."),
    Refusal.PAST: gettext_lazy("The first day is over already. Choose today or later."),
    Refusal.TOO_LONG: gettext_lazy(
        "A notice lasts 90 days at most. Announce a longer stay in parts."
    ),
    Refusal.TOO_FAR: gettext_lazy("The first day can be one year ahead."),
    Refusal.NO_COUNTRY: gettext_lazy("Choose at least one country."),
    Refusal.COUNTRIES: gettext_lazy("Choose at most 10 countries."),
    Refusal.UNKNOWN_COUNTRY: gettext_lazy("Choose the countries from the list."),
    Refusal.DEVICES: gettext_lazy("Choose from the authenticators that you have now."),
    Refusal.OVERLAP: gettext_lazy("You have announced a journey for some of these days already."),
    Refusal.FULL: gettext_lazy("You have announced 10 journeys already. End one of them first."),
    Refusal.GONE: gettext_lazy("This notice is over."),
}


def days(notice: Notice) -> str:
    """From when to when."""
    return span(notice.days)


def span(of: Days) -> str:
    """The same of any days; a single one is named once."""
    # Translators: a date format of Django, such as "Y年n月j日" in Japanese.
    first, last = (date_format(day, _("j F Y")) for day in (of.first, of.last))
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


def where(notice: Notice) -> str:
    """The countries."""
    return listed(notice.codes)


def listed(codes: list[str]) -> str:
    """Countries by their ISO codes."""
    return ", ".join(countries.named(codes))


def stage(of: Stage) -> tuple[str, str]:
    """Tone and word."""
    return {
        Stage.NOW: ("good", _("In force")),
        Stage.COMING: ("notice", _("Coming")),
        Stage.OVER: ("", _("Over")),
        Stage.ENDED: ("", _("Ended early")),
    }[of]
