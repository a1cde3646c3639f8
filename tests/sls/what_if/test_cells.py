"""Every cell of the matrix, proven: what opens the door does, and what does not is refused.

What a loss takes is written out here a second time, by hand.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self

import pytest
from django.db import transaction
from django.test import Client

from accounts.audit import services as audit
from accounts.challenges.models import Challenge
from accounts.origin import SYSTEM
from accounts.users.models import User
from sls.methods import registry
from sls.methods.device import Authenticator
from sls.methods.passkey.models import PasskeyDevice
from sls.policy import services as policy
from sls.what_if import pages
from sls.what_if.rules import Loss
from tests.cast import begin, person, post_password
from tests.passkey_authenticator import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED, Passkey, enrolled
from tests.sls.methods.test_contract import CASES

pytestmark = pytest.mark.django_db
SYNCED = PRESENT | VERIFIED | ELIGIBLE | BACKED_UP


@dataclass(frozen=True)
class Thing:
    """Something to sign in with, the losses that take it, and how it answers."""

    method: str
    goes_with: frozenset[Loss]
    enrol: Callable[[User], Authenticator]
    right: Callable[[Challenge], str]


def of_case(method: str, *losses: Loss) -> Thing:
    case = CASES[method]
    return Thing(method, frozenset(losses), case.enrol, case.right)


def passkey(*losses: Loss, reached_by: str, flags: int = PRESENT | VERIFIED) -> Thing:
    key = Passkey(step=0, flags=flags)

    def enrol(user: User) -> PasskeyDevice:
        device = enrolled(user, key)
        PasskeyDevice.objects.filter(pk=device.pk).update(transports=[reached_by, "internal"])
        return device

    return Thing("passkey", frozenset(losses), enrol, lambda asked: key.answer(asked.question))


THINGS = {
    "sms": of_case("sms", Loss.PHONE, Loss.SIM),
    "app": of_case("authenticator_app", Loss.PHONE),
    "ib key": of_case("ib_key", Loss.PHONE),
    "codes": of_case("backup_codes", Loss.CODES),
    "online card": of_case("online_card", Loss.CODES),
    "passcode": of_case("temporary_passcode", Loss.PHONE),
    "synced passkey": passkey(reached_by="hybrid", flags=SYNCED),
    "passkey of the phone": passkey(Loss.PHONE, reached_by="hybrid"),
    "passkey of the computer": passkey(Loss.COMPUTER, reached_by="internal"),
    "security key": passkey(Loss.KEY, reached_by="usb"),
    "security card": of_case("dsc_plus", Loss.CARD),
}
# What few people hold has a row only where it is held.
RARE = {Loss.KEY: "security key", Loss.CARD: "security card"}
ALONE = [(name,) for name in THINGS]
HOUSEHOLDS = [*ALONE, *(("sms", name) for name in THINGS if name != "sms"), tuple(THINGS)]


def test_no_method_is_left_out():
    assert {thing.method for thing in THINGS.values()} == set(CASES)


@dataclass
class Home:
    """Somebody, and what they hold: things and their persistent ids."""

    user: User
    held: dict[str, str]

    @classmethod
    def of(cls, *names: str) -> Self:
        """Somebody who holds just this."""
        user = person("alice", mobile="+14155550101" if "sms" in names else "")
        return cls(user, {name: THINGS[name].enrol(user).persistent_id for name in names})

    def lose(self, loss: Loss) -> list[str]:
        """What is lost proves nothing any more; returns its ids."""
        gone = [name for name in self.held if loss in THINGS[name].goes_with]
        for name in gone:
            method = registry.get(THINGS[name].method)
            device = Authenticator.from_persistent_id(self.held[name])
            with transaction.atomic():
                method.revoke(device, user=audit.lock(self.user.pk), origin=SYSTEM, why="test")
        return [self.held[name] for name in gone]

    def gets_in(self, name: str) -> bool:
        """Signs in by a thing, in a browser that nobody knows."""
        client = Client()
        url = begin(client, self.user.username)
        client.post(f"{url}method/", {"device": self.held[name]})
        challenge = Challenge.objects.filter(user=self.user).latest("created_at")
        assert challenge.device == self.held[name]
        client.post(f"{url}answer/", {"code": THINGS[name].right(challenge)})
        return client.get("/").status_code == 200

    def is_refused(self, device: str) -> bool:
        """Asks for an authenticator that is lost, after the right password."""
        client = Client()
        page = client.post(f"{begin(client, self.user.username)}method/", {"device": device})
        return "Choose one of your own ways to sign in." in page.content.decode()

    def is_locked_out(self) -> bool:
        """Whether the right password leads to nobody but support."""
        page = post_password(Client(), self.user.username)
        return "There is no way left to verify that it is you." in page.content.decode()


@pytest.fixture(params=HOUSEHOLDS, ids="+".join)
def home(request) -> Home:
    """Each thing alone, each with a telephone number, and all at once."""
    return Home.of(*request.param)


@pytest.mark.parametrize("loss", list(Loss))
def test_every_cell_tells_the_truth(home, loss):
    row = next((row for row in pages.what_if(home.user).rows if row.loss == loss), None)
    if row is None:
        assert RARE[loss] not in home.held
        return
    gone = home.lose(loss)
    left = [name for name in home.held if home.held[name] not in gone]
    assert {cell.method: cell.state for cell in row.cells} == {
        code: "opens" if code in _methods(left) else "lost" for code in _methods(home.held)
    }
    assert row.is_open == bool(left)
    assert all(home.gets_in(name) for name in left)
    assert all(home.is_refused(device) for device in gone) if left else home.is_locked_out()


def test_what_a_policy_bars_is_told_and_refused():
    home = Home.of("sms", "passkey of the computer")
    subject = policy.Subject(user=home.user)
    begins = policy.today_everywhere()
    policy.make(
        subject=subject, begins=begins, reason="test", at_once=True, origin=SYSTEM, actor="test"
    )
    rows = {row.loss: row for row in pages.what_if(home.user).rows}
    cells = {cell.method: cell.state for cell in rows[Loss.COMPUTER].cells}
    assert (cells["sms"], cells["passkey"]) == ("barred", "lost")
    assert not rows[Loss.COMPUTER].is_open
    assert home.is_refused(home.held["sms"])
    assert rows[Loss.PHONE].is_open
    assert home.gets_in("passkey of the computer")


def _methods(names: Iterable[str]) -> set[str]:
    return {THINGS[name].method for name in names}
