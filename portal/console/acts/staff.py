"""The one act about a member of staff: what they are here for."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from portal.console import staffing
from portal.console.acts.base import Doing
from portal.console.forms import ActForm
from portal.console.rules import Role
from portal.console.wording import ROLES


class RolesForm(ActForm):
    """One tick a role: all that the person has from then on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in Role:
            self.fields[role.value] = forms.BooleanField(label=ROLES[role], required=False)
        self.fields["reason"].help_text = _("Whoever decides reads it.")
        self.order_fields([*(role.value for role in Role), "reason", "ticket"])

    def values(self) -> dict[str, Any]:
        """The roles that are ticked."""
        return {"roles": [role.value for role in Role if self.cleaned_data[role.value]]}

    @classmethod
    def worded(cls, values: dict[str, Any], **_client: Any) -> list[tuple[str, str]]:
        """The roles in words."""
        named = [str(ROLES[Role(one)]) for one in values["roles"]]
        return [(_("Roles from then on"), ", ".join(named) or _("none"))]


def change_roles(doing: Doing) -> str:
    """The person has these roles and no others, from their next page on."""
    staffing.set_roles(
        doing.user,
        [Role(one) for one in doing.values["roles"]],
        reason=doing.noted,
        actor=doing.actor,
        origin=doing.origin,
    )
    return _("The roles are changed.")
