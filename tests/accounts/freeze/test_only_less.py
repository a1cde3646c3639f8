"""A link never raises a right: whatever state somebody is in, no more is possible after it.

Of many states, made up at random, what lets in, what may confirm and what is not held is compared
before and after the POST, now and days later; and what protects the owner is as it was.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from random import Random

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.challenges.models import Challenge
from accounts.contacts import changes, reached, services
from accounts.contacts.kinds import KINDS
from accounts.contacts.models import EmailAddress
from accounts.freeze import links, rules
from accounts.freeze import services as freezes
from accounts.freeze.models import How, Trading
from accounts.holds import services as holds
from accounts.holds.models import What
from accounts.ip_restrictions import door
from accounts.ip_restrictions import services as lists
from accounts.ip_restrictions.deciding import decide
from accounts.ip_restrictions.models import Restriction
from accounts.lockout import services as lockout
from accounts.lockout.models import PasswordFailures
from accounts.lockout.rules import may_authenticate
from accounts.origin import SYSTEM, Origin
from accounts.passwords.demand import demand_change
from accounts.sessions.models import KnownDevice, Session
from accounts.users.models import User
from sls.login.models import Attempt
from sls.methods import registry
from sls.recovery import delays
from sls.recovery.models import Delay, Recovery
from sls.step_up.models import Pending
from tests.accounts.ip_restrictions.lists import HOME, draft, known_browser, restrict
from tests.cast import app_device, card_device, code_set, post_password

pytestmark = pytest.mark.django_db
LATER = (timedelta(0), timedelta(minutes=11), timedelta(days=2), timedelta(days=8))
PLACES = ("203.0.113.7", "198.51.100.20", "192.0.2.9", "2001:db8::1")
PLATFORMS = ("web", "tws", "mobile_ios", "api")
NEW = ("a@example.org", "b@example.org")


def some_state(user: User, chance: Random) -> None:
    """Puts the user into one of many states."""
    steps = [
        _a_session,
        _an_attempt,
        _a_way_back,
        _a_list,
        _a_new_list,
        _a_door,
        _new_addresses,
        _an_old_address_gone,
        _other_authenticators,
        _wrong_passwords,
        _demanded,
        _held,
        _stopped_already,
    ]
    for step in chance.sample(steps, chance.randint(0, len(steps))):
        step(user, chance)
        user.refresh_from_db()


def _a_session(user: User, chance: Random) -> None:
    now = timezone.now()
    Session.objects.create(
        key=f"{chance.getrandbits(256):064x}",
        token=f"{chance.getrandbits(256):064x}",
        user=user,
        opened_at=now,
        seen_at=now,
        idle_seconds=900,
        expires_at=now + timedelta(hours=12),
        locked_at=chance.choice([None, now]),
        verified_action=chance.choice(["", "contacts.change"]),
        verified_until=now + timedelta(minutes=5),
    )
    known_browser(user, f"browser {chance.random()}")


def _an_attempt(user: User, _chance: Random) -> None:
    post_password(Client(), user.username)


def _a_way_back(user: User, chance: Random) -> None:
    Client().post("/recover/", {"username": user.username})
    if chance.random() < 0.5 and not user.recovering:
        delays._write(user, "browser")
        User.objects.filter(pk=user.pk).update(recovering=True)


def _a_list(user: User, chance: Random) -> None:
    if user.restrictions:
        return
    restrict(user, *chance.sample(PLACES, 2), platform=chance.choice(["all", "web"]))
    rows = Restriction.objects.filter(user=user)
    for row in rows if chance.random() < 0.5 else rows[:1]:
        lists.remove(user=user, pk=row.pk, by=user, origin=HOME, typed=HOME.address)


def _a_new_list(user: User, chance: Random) -> None:
    taken = set(Restriction.objects.filter(user=user).values_list("network", flat=True))
    free = [place for place in PLACES if not any(place in one for one in taken)]
    if free:
        here = chance.choice(free)
        draft(user, here, platform=chance.choice(["all", "web", "api"]))
        lists.apply(user=user, by=user, origin=Origin(address=here), typed=here)


def _a_door(user: User, chance: Random) -> None:
    now = timezone.now()
    user.door_address = chance.choice(PLACES)
    user.door_until = now + timedelta(minutes=chance.choice([-5, 25]))
    user.door_shut_until = chance.choice([None, now + timedelta(hours=3)])
    user.save()


def _new_addresses(user: User, chance: Random) -> None:
    now = timezone.now()
    for typed in chance.sample(NEW, chance.randint(1, 2)):
        row = services.add_email(user_id=user.pk, typed=typed, origin=SYSTEM)
        if isinstance(row, EmailAddress) and chance.random() < 0.7:
            row.verified_at = now
            row.trusted_from = now + timedelta(days=chance.choice([1, 3]))
            row.save()
            if chance.random() < 0.5:
                services.make_primary(contact=row, origin=SYSTEM)


def _an_old_address_gone(user: User, _chance: Random) -> None:
    for row in user.emailaddresss.filter(primary=False):
        services.remove(contact=row, origin=SYSTEM)


def _other_authenticators(user: User, chance: Random) -> None:
    for make in chance.sample([app_device, card_device, code_set], chance.randint(1, 3)):
        held = {row.method for row in registry.devices(user.pk)}
        if make.__name__.split("_")[0] not in str(held):
            make(user)


def _wrong_passwords(user: User, chance: Random) -> None:
    now = timezone.now()
    PasswordFailures.objects.update_or_create(
        pk=lockout.key_of(user.username),
        defaults={"count": chance.choice([3, 7, 10]), "first_at": now, "last_at": now},
    )


def _demanded(user: User, _chance: Random) -> None:
    demand_change(user=user, why="test", origin=SYSTEM)


def _held(user: User, _chance: Random) -> None:
    services.add_phone(user_id=user.pk, typed="+14155550177", origin=SYSTEM)


def _stopped_already(user: User, chance: Random) -> None:
    freezes.freeze(user_id=user.pk, origin=SYSTEM, how=How.STAFF, trading=chance.choice([*Trading]))
    if chance.random() < 0.5:
        freezes.ask_to_thaw(user_id=user.pk, origin=SYSTEM)


def rights(user_id: int, now: datetime) -> set[str]:
    """Everything that is possible, to whomever, at a time: each a name. Fewer names, less."""
    user = User.objects.get(pk=user_id)
    running = freezes.live(user.pk)
    more = {
        "door works": door.standing(user).works,
        "keeps the password": user.password_demanded_at is None,
        "may thaw": running is not None
        and rules.may_thaw(now, running.thaw_asked_at, freezes.wait()),
    }
    return {
        *(name for name, is_so in more.items() if is_so),
        *_begun(user, now),
        *_ways_in(user),
        *_places(user),
        *_words(user),
        *(f"free: {what}" for what in set(What.values) - _held_now(user, now)),
    }


def _begun(user: User, now: datetime) -> Iterator[str]:
    """What is open: sessions, codes, and what leads to one."""
    live = {"user": user, "ended_at": None}
    for model in (Session, Attempt, Recovery, Delay):
        yield from (f"{model.__name__} {one.pk}" for one in model.objects.filter(**live))
    yield from (f"browser {one.digest}" for one in KnownDevice.objects.filter(user=user))
    codes = Challenge.objects.filter(user=user)
    yield from (f"code {one.pk}" for one in codes if one.is_open(now))
    proven = Pending.objects.filter(user=user, granted_at__isnull=False, expires_at__gt=now)
    yield from (f"proof {one.pk}" for one in proven)


def _ways_in(user: User) -> Iterator[str]:
    facts = {
        "active": user.is_active,
        "frozen": freezes.is_frozen(user),
        "locked": lockout.standing(lockout.key_of(user.username)).locked,
    }
    for row in registry.devices(user.pk):
        if may_authenticate(**facts, by_passkey=row.method == "passkey") is None:
            yield f"signs in by {row.id}"


def _places(user: User) -> Iterator[str]:
    for address, platform in product(PLACES, PLATFORMS):
        if decide(user=user, origin=Origin(address=address, platform=platform)).is_let_in:
            yield f"from {address} on {platform}"


def _words(user: User) -> Iterator[str]:
    """Contacts that confirm something."""
    for row in reached.emails_to_tell(user.pk):
        if reached.is_trusted_email(user_id=user.pk, address=row.address):
            yield f"confirms {row.pk}"
    yield from (f"confirms {row.masked}" for row in reached.trusted_phones(user.pk))


def _held_now(user: User, now: datetime) -> set[str]:
    return set(holds.live(now).filter(user=user).values_list("what", flat=True))


def protection(user_id: int, now: datetime) -> set[str]:
    """What the owner can still do about what somebody did, and what is theirs."""
    user = User.objects.get(pk=user_id)
    found = {
        f"undo {one.pk}" for kind in KINDS.values() for one in changes.in_motion(kind, user_id, now)
    }
    found |= {f"told {row.address}" for row in reached.emails_to_tell(user_id)}
    found |= {f"holds {row.id}" for row in registry.devices(user_id)}
    return found | {f"password {user.password}"}


def over_time(ask, user_id: int) -> list[set[str]]:
    """What ``ask`` finds now and later."""
    start, found = timezone.now(), []
    for span in LATER:
        with time_machine.travel(start + span, tick=False):
            found.append(ask(user_id, start + span))
    return found


@pytest.mark.parametrize("seed", range(40))
def test_no_right_is_more_after_a_link_than_before(alice, seed):
    chance = Random(seed)
    some_state(alice, chance)
    to = chance.choice(list(reached.emails_to_tell(alice.pk))).address
    link = f"/freeze/link/{links.token(alice, to=to, at=timezone.now())}/"
    before, mine = over_time(rights, alice.pk), over_time(protection, alice.pk)
    answer = Client().post(link, {"trading": chance.choice(["", *Trading.values])})
    assert answer.status_code == 302
    after, still_mine = over_time(rights, alice.pk), over_time(protection, alice.pk)
    assert [now - then for now, then in zip(after, before, strict=True)] == [set()] * len(LATER)
    assert [then - now for now, then in zip(still_mine, mine, strict=True)] == [set()] * len(LATER)


def test_the_states_differ(alice, bob):
    """What is compared is not always the same nothing."""
    seen = []
    for seed, user in ((1, alice), (3, bob)):
        some_state(user, Random(seed))
        seen.append(over_time(rights, user.pk))
    assert len({len(one) for states in seen for one in states}) > 2
