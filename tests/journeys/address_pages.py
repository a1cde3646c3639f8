"""Alice and the pages of IP restrictions. Her browser is at 127.0.0.1."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.ip_restrictions import services
from accounts.ip_restrictions.models import Restriction
from accounts.ip_restrictions.rules import State
from accounts.origin import Origin
from accounts.sessions.models import Session
from accounts.users.models import User
from tests import cast
from tests.accounts.ip_restrictions.lists import INSIDE, draft, known_browser, restrict
from tests.journeys.stage import FIREFOX, Stage
from tests.tampering import tampering

HERE = "127.0.0.1"


def empty(stage: Stage) -> str:
    """No list yet."""
    stage.sign_in(stage.alice())
    return reverse("ip_restrictions")


def full(stage: Stage) -> str:
    """Something of everything: active, announced to go, drafted, browsers, a trader, the door."""
    user = _restricted(stage, HERE, "2001:db8:7::/48")
    stage.carol()
    known = known_browser(user, "other")
    type(known).objects.filter(pk=known.pk).update(agent=FIREFOX)
    Restriction.objects.filter(network=HERE).update(label="Home, the fixed line")
    draft(user, "203.0.113.0/24")
    draft(user, "198.51.100.20", platform="tws")
    leaves = timezone.now() + timedelta(hours=20)
    announced = Restriction.objects.filter(network="198.51.100.20")
    announced.update(state=State.ACTIVE, turns_at=leaves)
    User.objects.filter(pk=user.pk).update(door_shut_until=leaves)
    return reverse("ip_restrictions")


def within_a_network(page: Page) -> None:
    """Adds what is neither an address nor a network."""
    page.locator("#id_network").fill("203.0.113.7/24")
    with page.expect_navigation():
        page.locator("#add form.form button").click()


def _restricted(stage: Stage, *networks: str) -> User:
    user = stage.alice()
    stage.sign_in(user)
    restrict(user, *networks)
    return user


def trial(*, proves: bool) -> Callable[[Stage], str]:
    """The list is on trial; the session is from before, or from after (``proves``)."""

    def way(stage: Stage) -> str:
        user = stage.alice()
        stage.sign_in(user)
        draft(user, HERE)
        assert services.apply(user=user, by=user, origin=INSIDE) is None
        opened_at = timezone.now() + timedelta(seconds=5 if proves else -60)
        Session.objects.update(opened_at=opened_at)
        return reverse("ip_list", args=[user.pk])

    return way


def rehearsal(*networks: str) -> Callable[[Stage], str]:
    """A draft of these networks, put to sign-ins from here and from Lisbon."""

    def way(stage: Stage) -> str:
        user = stage.alice()
        stage.sign_in(user)
        for days in (3, 9, 30):
            _signed_in(user, "193.136.0.9", days)
        for days in range(38):
            _signed_in(user, HERE, days)
        draft(user, *networks)
        return reverse("ip_try", args=[user.pk])

    return way


def _signed_in(user: User, address: str, days: int) -> None:
    origin = Origin(address=address, agent=FIREFOX)
    with transaction.atomic():
        entry = audit.record(Event.SIGNED_IN, user=audit.lock(user.pk), origin=origin)
    with tampering():
        Entry.objects.filter(pk=entry.pk).update(at=timezone.now() - timedelta(days=days))


def removal(*networks: str) -> Callable[[Stage], str]:
    """The first of these networks is to be removed."""

    def way(stage: Stage) -> str:
        user = _restricted(stage, *networks)
        row = Restriction.objects.get(network=networks[0])
        return reverse("ip_remove", args=[user.pk, row.pk])

    return way


def ended(stage: Stage) -> str:
    """A session of Alice, who may not be here any more."""
    _restricted(stage, "203.0.113.7")
    return reverse("home")


def door(*, mail: bool = False) -> Callable[[Stage], str]:
    """Alice at the emergency door, or at its last step."""

    def way(stage: Stage) -> str:
        user = stage.alice()
        restrict(user, "203.0.113.7")
        url = cast.begin(stage.client, user.username)
        if mail:
            stage.post(f"{url}door/")
            stage.post(f"{url}answer/", code=cast.code_for(user))
        return f"{url}door/"

    return way
