"""What an act of staff is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.approvals import wording
from accounts.origin import Origin
from accounts.users.models import User
from portal.console import rules
from portal.console.doors import actor_of
from portal.console.forms import ActForm, ReasonForm
from portal.console.rules import Power


class CannotAct(Exception):
    """Why nothing was done, in one sentence for staff."""


@dataclass(frozen=True, slots=True)
class Doing:
    """One act as it is done. ``user`` is the client's locked row, None where it concerns the house;
    ``values`` those of the form; ``second`` who agreed, None where one alone may act."""

    user: User | None
    values: dict[str, Any]
    reason: str
    ticket: str
    staff: User
    second: User | None
    origin: Origin

    @property
    def actor(self) -> str:
        """Who acts, as entries of the audit name them."""
        return actor_of(self.staff)

    @property
    def two(self) -> tuple[User, ...]:
        """Whoever asked, and whoever agreed."""
        return (self.staff,) if self.second is None else (self.staff, self.second)

    @property
    def noted(self) -> str:
        """Reason and ticket in one line."""
        return f"{self.reason} ({self.ticket})"


def _never(_user: User) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Act:
    """``do`` returns what came of it, a sentence for staff. It raises ``CannotAct``. ``bar`` says
    why it is not to be had for a client now, "" where it is."""

    code: str
    power: Power
    group: str
    about: Promise
    do: Callable[[Doing], str]
    form: type[ReasonForm] = ActForm
    bar: Callable[[User], str] = _never
    grave: bool = False

    @property
    def title(self) -> str:
        """The act in words."""
        return wording.act(self.code)

    @property
    def takes_two(self) -> bool:
        """Whether a second person decides."""
        return self.power in rules.DUAL


GROUPS: dict[str, Promise] = {
    "sign_in": _("Signing in"),
    "devices": _("Authenticators"),
    "cards": _("Security cards"),
    "protection": _("Protection"),
    "data": _("Data"),
}
