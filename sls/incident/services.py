"""How far the way has been gone, what is noted of it, and its end."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.challenges.wording import Problem
from accounts.freeze import services as freezes
from accounts.freeze.models import Freeze, How, Trading
from accounts.origin import SYSTEM, Origin
from accounts.passwords import services as passwords
from accounts.passwords.rules import Reason
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.incident import rules, wording
from sls.incident.models import Cause, Review, Step, What
from sls.incident.rules import Stage
from sls.methods import registry
from sls.methods.device import row_id


def done(running: Freeze) -> set[str]:
    """The pages that are done. One query."""
    pages = [stage.value for stage in rules.ORDER]
    return set(Step.objects.filter(freeze=running, what__in=pages).values_list("what", flat=True))


def note(running: Freeze, what: What, about: str = "") -> Step:
    """Notes something that was done, with its time. The caller holds the user's lock."""
    return Step.objects.create(freeze=running, what=what, about=about[:120], at=timezone.now())


def finish(*, user_id: int, stage: Stage) -> None:
    """A page is done; the second time nothing is noted."""
    with transaction.atomic():
        audit.lock(user_id)
        running = freezes.live(user_id)
        if running is None:
            return
        so_far = done(running)
        if stage not in so_far and rules.may_open(stage, so_far):
            note(running, What(stage))


def choose_password(*, user: User, password: str, row: Session, origin: Origin) -> list[Reason]:
    """Replaces the password; the session goes on. Raises what ``passwords.replace`` raises."""
    reasons = passwords.replace(user=user, password=password, origin=origin, spare=row.key)
    if not reasons:
        finish(user_id=user.pk, stage=Stage.PASSWORD)
    return reasons


def answer(*, user_id: int, causes: Collection[str], text: str) -> None:
    """Keeps how it happened; a later answer takes the place of the one before."""
    kept = [cause for cause in Cause.values if cause in causes]
    with transaction.atomic():
        audit.lock(user_id)
        running = freezes.live(user_id)
        if running is None:
            return
        facts = {"causes": kept, "text": text[: rules.TEXT_MAX], "at": timezone.now()}
        Review.objects.update_or_create(freeze=running, defaults=facts)
    finish(user_id=user_id, stage=Stage.QUESTIONS)


def review(running: Freeze) -> Review | None:
    """What was answered. One query."""
    return Review.objects.filter(freeze=running).first()


def ask(*, row: Session, origin: Origin) -> Problem | None:
    """Asks for the thaw, which comes after the wait. None when it is asked.

    Everything is decided anew: the way has to be gone to its end, and what the session stands on
    has to prove still.
    """
    with transaction.atomic():
        user = audit.lock(row.user_id)
        running = freezes.live(user.pk)
        if running is None or rules.stage(done(running)) is not Stage.THAW:
            return wording.not_yet()
        strong = registry.get(row.method).strength >= rules.needed([])
        proves = registry.still_proves(row.method, device=row_id(row.device), user_id=user.pk)
        here = Session.objects.filter(proves, pk=row.pk, ended_at=None)
        if not (strong and here.exists()):
            return wording.not_yet()
        freezes.ask_to_thaw(user_id=user.pk, origin=origin)
    return None


def stop(*, user_id: int, origin: Origin) -> None:
    """Takes the wish back: everything stays stopped, and who else is on the way starts over."""
    running = freezes.live(user_id)
    if running is not None and running.thaw_asked_at is not None:
        trading = Trading(running.trading)
        freezes.freeze(user_id=user_id, origin=origin, how=How.PAGE, trading=trading)


def thaw_due() -> int:
    """Lets go on what was asked for long enough ago. Returns how many."""
    count = 0
    asked = Freeze.objects.filter(
        thawed_at=None, thaw_asked_at__lte=timezone.now() - freezes.wait()
    )
    for user_id in asked.values_list("user_id", flat=True):
        try:
            freezes.thaw(user_id=user_id, origin=SYSTEM, by="self")
        except freezes.TooEarly:  # taken back, or asked anew, since it was read
            continue
        count += 1
    return count


def receipt_of(user_id: int) -> Freeze | None:
    """The newest freeze of the user, over or not. One query."""
    mine = Freeze.objects.filter(user_id=user_id).select_related("user", "about")
    return mine.order_by("-at").first()
