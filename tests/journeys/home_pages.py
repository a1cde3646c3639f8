"""What home, the timeline and the map of privileges are looked at with."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.ip_restrictions import services as restrictions
from accounts.origin import Origin
from accounts.users.models import User
from sls.methods.dsc_plus.models import Order
from sls.recovery.models import Delay
from sls.travel import services as travel
from sls.travel.rules import Days
from tests import cast, programs
from tests.accounts.ip_restrictions.lists import INSIDE, draft, restrict
from tests.journeys.stage import FIREFOX, Stage
from tests.passkey_authenticator import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED, Passkey, enrolled
from tests.tampering import tampering

HOTEL = Origin(address="198.51.100.20", agent=FIREFOX)
HOME = Origin(address="203.0.113.7", agent=FIREFOX)


def record(user: User, event: Event, *, origin: Origin = HOME, **detail: object) -> Entry:
    """Something that just happened."""
    with transaction.atomic():
        return audit.record(event, user=audit.lock(user.pk), origin=origin, detail=detail)


def all_well(stage: Stage) -> str:
    """Alice has everything; nothing is left to do."""
    user = stage.alice()
    stage.sign_in(user)
    cast.code_set(user)
    enrolled(user, Passkey(flags=PRESENT | VERIFIED | ELIGIBLE | BACKED_UP), "iCloud Keychain")
    restrict(user, "127.0.0.1")
    return "/"


def much(stage: Stage) -> str:
    """Nearly everything is amiss."""
    user = stage.alice()
    stage.sign_in(user)
    record(user, Event.SIGN_IN_REFUSED, origin=HOTEL, why="address")
    EmailAddress.objects.update(primary=False)
    PhoneNumber.objects.update(sim_swapped_at=timezone.now())
    draft(user, "127.0.0.1")
    restrictions.apply(user=user, by=user, origin=INSIDE)
    return "/"


def moving(stage: Stage) -> str:
    """One of everything that is in motion."""
    stage.in_motion("emails")
    user = User.objects.get()
    everything(user)
    return "/"


def everything(user: User) -> None:
    """One of everything that ends, begins or can be taken back by itself."""
    now = timezone.now()
    record(user, Event.EMAIL_PRIMARY)
    draft(user, "127.0.0.1", "203.0.113.0/24")
    restrictions.apply(user=user, by=user, origin=INSIDE)
    Order.objects.create(user=user, created_at=now, confirmed_at=now)
    due = now + timedelta(days=2)
    until = due + timedelta(days=2)
    Delay.objects.create(
        reference="K" * 8, user=user, browser="", begun_at=now, due_at=due, until=until
    )
    programs.issue(user)
    today = timezone.localdate(now)
    away = Days(today + timedelta(days=3), today + timedelta(days=9))
    travel.announce(user=user, days=away, countries=["JP"], devices=[], origin=HOME)
    User.objects.filter(pk=user.pk).update(
        door_address="203.0.113.9", door_until=now + timedelta(minutes=30)
    )


def held(path: str) -> Callable[[Stage], str]:
    """Alice, signed in, at ``path``; she changed an authenticator, and may sign in from a list."""

    def way(stage: Stage) -> str:
        user = stage.alice()
        stage.sign_in(user)
        record(user, Event.EMAIL_PRIMARY)
        restrict(user, "127.0.0.1")
        return path

    return way


MONTH = (
    *((day, Event.SIGNED_IN, HOME) for day in (1, 2, 2, 4, 7, 8, 9, 13, 14, 14, 14, 14, 20, 22)),
    *((day, Event.SIGN_IN_FAILED, HOME) for day in (9, 22)),
    *((day, Event.PASSWORD_FAILED, HOTEL) for day in (11, 11, 11, 11, 11)),
    *(
        (day, event, HOTEL)
        for day, event in ((12, Event.SIGNED_IN_UNUSUAL), (26, Event.SIGNED_IN_NEW_DEVICE))
    ),
)


def a_month(stage: Stage) -> str:
    """Alice, signed in, and a month of sign-ins behind her."""
    user = stage.alice()
    now = timezone.now()
    for day, event, origin in sorted(MONTH, key=lambda one: -one[0]):
        entry = record(user, event, origin=origin)
        with tampering():
            Entry.objects.filter(pk=entry.pk).update(at=now - timedelta(days=day))
    stage.sign_in(user)
    return "/timeline/"
