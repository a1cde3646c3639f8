"""The telephony desk and the trail at the console."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import Page

from accounts.approvals.models import Request, State
from accounts.origin import Origin
from accounts.outbox.figures import services as figures
from accounts.outbox.models import Channel, Lookup, Message, Status
from accounts.outbox.outage import services as outage
from accounts.outbox.outage.models import Outage
from accounts.outbox.spending.models import Breaker, Ending
from accounts.users.models import User
from portal.console import trail, trail_staff
from portal.console.rules import Role
from tests import cast
from tests.journeys.scenes.scene import STAFF, Scene, staff, submit
from tests.journeys.stage import Stage

HERE = Origin(address="203.0.113.7", request_id="a1b2")
COUNTRIES = (("+1415555", "US", "mobile"), ("+8190123", "JP", "mobile"), ("+442079", "GB", ""))


def at(path: str, *roles: Role, furnish: Callable[[User], str | None] = lambda user: None):
    """Sam with these roles, at ``path``, with something before him."""

    def way(stage: Stage) -> str:
        start = staff(path)(stage)
        user = User.objects.get(username="sam")
        user.groups.set([Group.objects.get_or_create(name=role.value)[0] for role in roles])
        return furnish(user) or start

    return way


def busy(_user: User) -> None:
    """A day of messages: some arrive, some do not, and one country looks bad."""
    now = timezone.now()
    made = []
    for place in range(260):
        digits, country, line = COUNTRIES[place % 3]
        number = f"{digits}{place:04}"
        if line:
            Lookup.objects.get_or_create(number=number, defaults={"line_type": line})
        at_ = now - timedelta(minutes=7 * place)
        bad = country == "GB" and place % 4
        made.append(
            Message(
                channel=Channel.VOICE if place % 7 == 0 else Channel.SMS,
                name="security_code",
                to=number,
                country=country,
                language="en",
                is_code=True,
                status=_status(place),
                error_code=_error(place),
                provider_id=f"SM{place:032x}",
                created_at=at_,
                not_before=at_,
                expires_at=at_,
                changed_at=at_,
                used_at=None if bad or place % 5 == 0 else at_,
            )
        )
    Message.objects.bulk_create(made)
    figures.refresh(since=now - timedelta(days=2))


def _status(place: int) -> Status:
    return {0: Status.UNDELIVERED, 1: Status.SENT, 2: Status.FAILED}.get(
        place % 9, Status.DELIVERED
    )


def _error(place: int) -> int | None:
    return {0: 30006, 2: 21610}.get(place % 9)


def stopped(_user: User) -> Breaker:
    now = timezone.now()
    return Breaker.objects.create(
        key="+44207901",
        width="thousand",
        country="GB",
        opened_at=now - timedelta(minutes=50),
        sends=20,
        used=0,
        stopped=412,
        rounds=1,
        trial_at=now + timedelta(minutes=10),
    )


def all_of_it(user: User) -> None:
    """Everything at once: something is stopped, something is away, something is over."""
    busy(user)
    stopped(user)
    ended(user)
    Outage.objects.create(channel="sms", began_at=timezone.now(), told=40, failed=31)
    outage.publish()


def ended(user: User) -> Breaker:
    now = timezone.now()
    return Breaker.objects.create(
        key="+14155",
        width="million",
        country="US",
        opened_at=now - timedelta(hours=30),
        sends=60,
        used=2,
        stopped=11,
        trial_at=now,
        closed_at=now - timedelta(hours=1),
        ending=Ending.OVERRULED,
        let_through_until=now + timedelta(hours=3),
        closed_by=user,
        reason="Campaign for new clients in Oakland",
        ticket="T-1042",
    )


def one_stopped(user: User) -> str:
    return f"/console/desk/ranges/{stopped(user).pk}/"


def one_ended(user: User) -> str:
    return f"/console/desk/ranges/{ended(user).pk}/"


def decided(user: User) -> None:
    """Two requests: one approved, one refused."""
    alice, tess = cast.person("alice"), cast.person("tess", staff=True)
    now = timezone.now()
    for state, why in ((State.APPROVED, ""), (State.REFUSED, "The caller was not proven")):
        Request.objects.create(
            user=alice,
            act="passcode",
            power="passcode",
            reason="Lost the telephone",
            ticket="T-7",
            asked_by=user,
            asked_at=now,
            expires_at=now + timedelta(minutes=30),
            state=state,
            decided_by=tess,
            decided_at=now,
            why=why,
        )


def watched(user: User) -> None:
    alice = cast.person("alice")
    for part in ("client", "sessions"):
        trail.seen(user, alice, HERE, part=part)


def crowded(_user: User) -> None:
    """More of staff than fit on a page."""
    alice = cast.person("alice")
    for number in range(trail_staff.SIZE + 1):
        trail.seen(User(username=f"desk{number:02d}"), alice, HERE)


def checked(page: Page) -> None:
    submit(page, user="sam")


def outage_page(stage: Stage) -> str:
    """A client before the code page while text messages fail."""
    Outage.objects.create(channel="sms", began_at=timezone.now())
    outage.publish()
    return cast.begin(stage.client, stage.alice().username)


def stopped_page(stage: Stage) -> str:
    """A client whose code was kept back."""
    path = cast.begin(stage.client, stage.alice().username)
    Message.objects.filter(is_code=True).update(status=Status.FAILED, detail="pumping")
    return path


LEAD, AUDITOR = Role.LEAD, Role.AUDITOR
SCENES = [
    Scene("desk", "console:desk", at("/console/desk/", LEAD, furnish=all_of_it), STAFF),
    Scene("desk-none", "console:desk", at("/console/desk/", LEAD), STAFF),
    Scene(
        "desk-messages",
        "console:desk_messages",
        at("/console/desk/messages/", LEAD, furnish=busy),
        STAFF,
    ),
    Scene(
        "desk-messages-wrong",
        "console:desk_messages",
        at("/console/desk/messages/", LEAD),
        STAFF,
        act=lambda page: submit(page, number="12"),
    ),
    Scene(
        "desk-ranges",
        "console:desk_breakers",
        at("/console/desk/ranges/", LEAD, furnish=all_of_it),
        STAFF,
    ),
    Scene("desk-ranges-none", "console:desk_breakers", at("/console/desk/ranges/", LEAD), STAFF),
    Scene("desk-range", "console:desk_breaker", at("", LEAD, furnish=one_stopped), STAFF),
    Scene("desk-range-over", "console:desk_breaker", at("", LEAD, furnish=one_ended), STAFF),
    Scene(
        "desk-range-wrong",
        "console:desk_breaker",
        at("", LEAD, furnish=one_stopped),
        STAFF,
        act=lambda page: submit(page, reason=""),
    ),
    Scene(
        "desk-carriers",
        "console:desk_carriers",
        at("/console/desk/carriers/", LEAD, furnish=all_of_it),
        STAFF,
    ),
    Scene("trail", "console:trail", at("/console/trail/", AUDITOR, furnish=watched), STAFF),
    Scene(
        "trail-wrong", "console:trail", at("/console/trail/?user=nobody&since=x", AUDITOR), STAFF
    ),
    Scene("trail-check", "console:trail_check", at("/console/trail/check/", AUDITOR), STAFF),
    Scene(
        "trail-checked",
        "console:trail_check",
        at("/console/trail/check/", AUDITOR),
        STAFF,
        act=checked,
    ),
    Scene(
        "trail-staff",
        "console:trail_staff",
        at("/console/trail/staff/", AUDITOR, furnish=watched),
        STAFF,
    ),
    Scene(
        "trail-staff-many",
        "console:trail_staff",
        at("/console/trail/staff/", AUDITOR, furnish=crowded),
        STAFF,
    ),
    Scene(
        "trail-four-eyes",
        "console:trail_four_eyes",
        at("/console/trail/four-eyes/", AUDITOR, furnish=decided),
        STAFF,
    ),
    Scene(
        "trail-evidence", "console:trail_evidence", at("/console/trail/evidence/", AUDITOR), STAFF
    ),
    Scene("code-outage", "login_attempt", outage_page),
    Scene("code-range-stopped", "login_attempt", stopped_page),
]
