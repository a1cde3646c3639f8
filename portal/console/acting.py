"""What staff can do for a client: the acts, what each asks for, and how one is done.

An act is one form and one function. The function calls the services that everybody else calls, in
the transaction in which the act is recorded in the client's own trail (``SUPPORT_ACTED``), which is
what the client is told. An act that takes two (``rules.DUAL``) is first asked for, and done by
whoever decides (``accounts/approvals``); its values are kept till then, so that no act has a secret
among them.
"""

from collections.abc import Collection
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.approvals import services as approvals
from accounts.approvals.models import Request
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from accounts.users import two
from accounts.users.models import User
from portal.console.acts.base import GROUPS, Act, CannotAct, Doing
from portal.console.acts.table import ACTS
from portal.console.doors import powers_of
from portal.console.forms import ActForm, ReasonForm
from portal.console.rules import Power


def offered(powers: Collection[Power]) -> list[tuple[str, list[Act]]]:
    """The acts that these powers open, by their groups in words."""
    found = [act for act in ACTS.values() if act.power in powers]
    return [
        (str(name), mine)
        for group, name in GROUPS.items()
        if (mine := [act for act in found if act.group == group])
    ]


def do(act: Act, *, user: User, form: ActForm, staff: User, origin: Origin) -> str:
    """Does it at once, for one who may act alone. Raises ``CannotAct``, and then changed nothing.

    Not for an act that takes two.
    """
    if act.takes_two:
        raise ValueError(f"{act.code} takes two")
    with transaction.atomic():
        return _do(
            act,
            Doing(
                user=audit.lock(user.pk),
                values=form.values(),
                reason=form.cleaned_data["reason"],
                ticket=form.cleaned_data["ticket"],
                staff=staff,
                second=None,
                origin=origin,
            ),
        )


def ask(act: Act, *, user: User | None, form: ReasonForm, staff: User, origin: Origin) -> Request:
    """Asks for a second person; ``user`` is None where it concerns the house. Raises
    ``approvals.AlreadyAsked``."""
    return approvals.ask(
        user=user,
        act=act.code,
        power=act.power.value,
        values=form.values(),
        reason=form.cleaned_data["reason"],
        ticket=form.cleaned_data["ticket"],
        staff=staff,
        origin=origin,
    )


def carry_out(request: Request, user: User | None, *, second: User, origin: Origin) -> str:
    """Does what was asked for, on the word of ``second``. The caller is in the transaction of the
    decision and holds the lock of ``user``. Raises ``CannotAct``.

    Everything is asked anew: whoever asked may have lost the role, or be the client.
    """
    act = ACTS.get(request.act)
    if act is None:
        raise CannotAct(_("This version does not know this act."))
    if act.power not in powers_of(request.asked_by):
        raise CannotAct(_("Whoever asked may not ask for this any more."))
    try:
        by = two.actor((request.asked_by, second), on=user)
    except two.NotTwo:
        raise CannotAct(_("It takes two persons, and neither may be the client.")) from None
    return _do(
        act,
        Doing(
            user=user,
            values=request.values,
            reason=request.reason,
            ticket=request.ticket,
            staff=request.asked_by,
            second=second,
            origin=replace(origin, actor=by),
        ),
    )


def _do(act: Act, doing: Doing) -> str:
    said = act.do(doing)
    if doing.user is None:  # its own entry says what was done, in the system's chain
        return str(said)
    detail = {
        "act": act.code,
        "staff": doing.staff.first_name,
        "ticket": doing.ticket,
        "reason": doing.reason,
    }
    if doing.second is not None and doing.second.is_staff:
        detail["second"] = doing.second.first_name
    audit.record(
        Event.SUPPORT_ACTED,
        user=audit.lock(doing.user.pk),  # the act has moved the chain
        origin=doing.origin,
        actor=doing.actor,
        detail=detail,
    )
    return str(said)
