from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.ip_restrictions import rules
from accounts.ip_restrictions.networks import Network
from accounts.ip_restrictions.rules import Entry, State
from accounts.sessions.models import KnownDevice


class Platform(models.TextChoices):
    """What an entry holds for."""

    ALL = rules.ALL, _("All platforms")
    WEB = "web", _("This portal")
    TWS = "tws", "Trader Workstation"
    MOBILE = "mobile", _("Mobile app")
    API = "api", "API"


class States(models.TextChoices):
    """``rules.State`` in words."""

    PENDING = State.PENDING, _("Pending")
    PROVISIONAL = State.PROVISIONAL, _("On trial")
    ACTIVE = State.ACTIVE, _("Active")
    LEAVING = State.LEAVING, _("Removed on trial")
    REMOVED = State.REMOVED, _("Removed")


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def listed(self) -> Self:
        """What decides, or will."""
        return self.filter(state__in=rules.LISTED)

    def on_trial(self) -> Self:
        return self.filter(state__in=rules.ON_TRIAL)


class Restriction(models.Model):
    """One entry of a user's list: a network, or a browser of the portal.

    Bounds are places on the line of all addresses (``networks.place``), in hex: IPv6 is too long
    for a number column. A browser that was forgotten leaves its entry, which then lets nobody in;
    it must not open the list.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    network = models.CharField(max_length=49, blank=True)  # "" for a browser
    first = models.CharField(max_length=33, blank=True)
    last = models.CharField(max_length=33, blank=True)
    browser = models.ForeignKey(KnownDevice, null=True, on_delete=models.SET_NULL, related_name="+")
    label = models.CharField(max_length=rules.LABEL_MAX, blank=True)
    platform = models.CharField(max_length=8, choices=Platform, default=Platform.ALL)
    state = models.CharField(max_length=12, choices=States, default=States.PENDING)
    # When a provisional entry is taken back, a leaving one comes back, an active one goes.
    turns_at = models.DateTimeField(null=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)  # of the last change that was put on trial
    ended_at = models.DateTimeField(null=True)

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "user",
                "network",
                "platform",
                condition=~Q(network="") & ~Q(state=State.REMOVED),
                name="network_once_per_list",
            ),
            models.UniqueConstraint(
                fields=["user", "browser"],
                condition=Q(browser__isnull=False) & ~Q(state=State.REMOVED),
                name="browser_once_per_list",
            ),
            models.CheckConstraint(
                condition=Q(network="") | Q(browser__isnull=True), name="restricts_one_thing"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=rules.ON_TRIAL) | Q(turns_at__isnull=False),
                name="trial_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "state"], name="restrictions_of_user"),
            models.Index(
                fields=["turns_at"],
                name="restrictions_that_turn",
                condition=Q(turns_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.network or "browser"

    def put(self, network: Network) -> None:
        """Keeps the network; the caller saves."""
        self.network = network.text
        self.first, self.last = f"{network.first:033x}", f"{network.last:033x}"


def entry(row: tuple, *, drafted: bool = False) -> Entry:
    """A row of ``COLUMNS`` as the rules know it; what is ``drafted`` as if it were in force."""
    network, first, last, platform, state, turns_at, browser = row
    if drafted:
        state, turns_at = State.ACTIVE, None
    if not network:
        return Entry(platform, state, turns_at, browser=browser or "")
    return Entry(platform, state, turns_at, int(first, 16), int(last, 16))


COLUMNS = ("network", "first", "last", "platform", "state", "turns_at", "browser__digest")
