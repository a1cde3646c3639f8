from collections.abc import Mapping

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.ip_restrictions import people
from accounts.ip_restrictions.models import Restriction
from accounts.ip_restrictions.rules import State
from accounts.users.models import User
from sls.step_up.acts.act import Act


def change(user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]) -> Act:
    by = User.objects.get(pk=user_id)
    person = people.find(by, kwargs["who"])
    if person is None:
        raise Http404
    if name == "ip_remove":
        active = Restriction.objects.filter(user=person, state=State.ACTIVE)
        if not active.filter(pk=kwargs["pk"]).exists():
            raise Http404
    words = {
        "ip_try": _("Put a changed list of IP restrictions in force"),
        "ip_take_back": _("Take a change of IP restrictions back"),
        "ip_remove": _("Remove an entry of IP restrictions"),
        "ip_door_on": _("Switch the emergency door on again"),
    }[name]
    if person != by:
        words = _("%(what)s, for %(name)s") % {"what": words, "name": person.name}
    return Act(words, reverse("ip_list", args=[person.pk]))
