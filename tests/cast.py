"""One cast with roles, known to all tests, and how somebody signs in."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from accounts.challenges.models import Challenge
from accounts.client_accounts.models import ClientAccount, LegalEntity, Membership, Role
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.users.models import User
from accounts.vault import blind_index
from sls.algorithms import ocra
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.backup_codes import hashing
from sls.methods.backup_codes.models import CodeSet
from sls.methods.dsc_plus.models import Card, CardDevice
from sls.methods.online_card import rules as online_cards
from sls.methods.online_card.models import OnlineCard
from sls.methods.sms.models import PhoneDevice
from sls.methods.temporary_passcode.models import Passcode

PASSWORD = "lantern-orbit-cactus-42"
SEED = b"Hello!\xde\xad\xbe\xef" * 2
CARD_SEED, PIN = b"12345678901234567890123456789012", "4827"
SECOND_SEED = CARD_SEED[::-1]  # of another card
SUITE = "OCRA-1:HOTP-SHA256-8:QN06-PSHA256"
LONG_AGO = timedelta(days=400)


def person(
    username: str,
    *,
    mobile: str = "",
    email: str = "",
    language: str = "en",
    zone: str = "America/New_York",
    staff: bool = False,
    enrolled: bool = True,
) -> User:
    """A user; ``enrolled`` with verified contacts and the factor that fits their role."""
    then = timezone.now() - LONG_AGO
    user = User.objects.create(
        username=username,
        name=f"{username.title()} Example",
        password=make_password(PASSWORD),
        language=language,
        zone=zone,
        is_staff=staff,
        activated_at=then if enrolled else None,
        # So that home has nothing to ask.
        contacts_confirmed_at=timezone.now() if enrolled else None,
    )
    verified = then if enrolled else None
    EmailAddress.objects.create(
        user=user,
        address=email or f"{username}@example.com",
        primary=enrolled,
        created_at=then,
        verified_at=verified,
        trusted_from=verified,
    )
    if mobile:
        phone = PhoneNumber.objects.create(
            user=user,
            number=mobile,
            primary=enrolled,
            created_at=then,
            verified_at=verified,
            trusted_from=verified,
        )
        if enrolled and not staff:
            phone_device(user, phone)
    if staff and enrolled:
        app_device(user)
    return user


def phone_device(user: User, phone: PhoneNumber) -> PhoneDevice:
    """A confirmed authenticator for the number."""
    return PhoneDevice.objects.create(
        user=user,
        phone=phone,
        name=phone.masked,
        number_index=blind_index(phone.number, "phone"),
    )


def app_device(
    user: User, name: str = "Authenticator app", *, at: datetime | None = None
) -> AppDevice:
    """A confirmed authenticator app with the cast's seed, added ``at``, else now."""
    device = AppDevice(user=user, name=name, created_at=at or timezone.now())
    device.put_seed(SEED)
    device.save()
    return device


CODE, LAST = "AAAABBBBCCCCDDD", "ABCDEFGHIJ"  # of the cast's backup codes


def code_set(user: User) -> CodeSet:
    """Ten backup codes, ``CODE`` with each letter of ``LAST`` behind it."""
    key = SEED
    made = CodeSet(user=user, name="Backup codes", salt=b"salt", cost=1)
    made.put_key(key)
    made.digests = b"".join(
        hashing.digest(f"{CODE}{last}", key=key, salt=b"salt", cost=1) for last in LAST
    )
    made.save()
    return made


def unused_code(user: User) -> str:
    """The first of the cast's backup codes that ``user`` has not used."""
    used = CodeSet.objects.get(user=user, revoked_at=None).used
    return CODE + next(last for number, last in enumerate(LAST, 1) if number not in used)


PASSCODE = "ABCD2345"


def passcode(user: User, *, code: str = PASSCODE, at: datetime | None = None) -> Passcode:
    """A temporary passcode that was issued ``at``, else now."""
    at = at or timezone.now()
    until = at + timedelta(days=2)
    made = Passcode(
        user=user,
        name="Temporary passcode",
        confirmed=True,
        created_at=at,
        until=until,
        card_until=until + timedelta(days=10),
    )
    made.put(code)
    made.save()
    return made


def online_card(user: User, *, seed: bytes = CARD_SEED, at: datetime | None = None) -> OnlineCard:
    """An online security code card that was activated ``at``, else now."""
    at = at or timezone.now()
    made = OnlineCard(
        user=user,
        name="Online security code card",
        confirmed=True,
        created_at=at,
        ends_at=at + timedelta(days=21),
    )
    made.put_seed(seed)
    made.save()
    return made


def values(challenge: Challenge) -> str:
    """What the cast's online card answers."""
    return online_cards.answer(CARD_SEED, challenge.question)


def in_stock(serial: str = "DSC1000001", *, seed: bytes = CARD_SEED) -> Card:
    """A card that was taken in and sent to nobody."""
    card = Card(serial=serial, suite=SUITE, imported_at=timezone.now())
    card.put_seed(seed)
    card.save()
    return card


def card_device(
    user: User,
    *,
    serial: str = "DSC1000001",
    suite: str = SUITE,
    activated: bool = True,
    shared: bool = False,
) -> CardDevice:
    """A card with the cast's seed and PIN that was sent to the user; the same one for two names
    when they give the same ``serial``."""
    card = Card.objects.filter(serial=serial).first()
    if card is None:
        card = Card(serial=serial, suite=suite, imported_at=timezone.now() - LONG_AGO)
        card.put_seed(CARD_SEED)
        card.put_pin(PIN)
        card.shipped_at = timezone.now()
        card.save()
    return CardDevice.objects.create(
        user=user,
        card=card,
        name=f"Digital Security Card+ {card.masked}",
        confirmed=activated,
        shared=shared,
    )


def response(challenge: Challenge, *, pin: str = PIN) -> str:
    """What the cast's card answers."""
    return ocra.compute(SUITE, CARD_SEED, challenge.question, pin=pin)


def account(
    number: str, owner: User, *, equity: int, entity: str = LegalEntity.US
) -> ClientAccount:
    """A brokerage account with its owner."""
    made = ClientAccount.objects.create(number=number, equity=equity, entity=entity)
    Membership.objects.create(account=made, user=owner, role=Role.OWNER)
    return made


@pytest.fixture
def alice(db) -> User:
    user = person("alice", mobile="+14155550101")
    account("U1000001", user, equity=750_000)
    return user


@pytest.fixture
def bob(db) -> User:
    user = person("bob", mobile="+14155550102")
    account("U1000002", user, equity=40_000)
    return user


@pytest.fixture
def carol(alice) -> User:
    user = person("carol", mobile="+14155550103")
    Membership.objects.create(
        account=ClientAccount.objects.get(number="U1000001"), user=user, role=Role.TRADER
    )
    return user


@pytest.fixture
def dai(db) -> User:
    user = person("dai", mobile="+819012345678", language="ja", zone="Asia/Tokyo")
    account("U1000003", user, equity=40_000, entity=LegalEntity.JP)
    return user


def member_of_staff(username: str, mobile: str, role: str) -> User:
    """Somebody of staff with this one role in the console."""
    user = person(username, mobile=mobile, staff=True)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


@pytest.fixture
def sam(db) -> User:
    return member_of_staff("sam", "+14155550109", "support_agent")


@pytest.fixture
def tess(db) -> User:
    return member_of_staff("tess", "+14155550108", "support_lead")


@pytest.fixture
def uma(db) -> User:
    return member_of_staff("uma", "+14155550107", "security_officer")


@pytest.fixture
def newcomer(db) -> User:
    """Opened and with a password, but never enrolled."""
    return person("nina", mobile="+14155550111", enrolled=False)


def post_password(client: Client, username: str = "alice", password: str = PASSWORD, **extra):
    """The first step in a browser."""
    return client.post("/login/", {"username": username, "password": password, **extra})


def begin(client: Client, username: str = "alice", **extra) -> str:
    """Posts the right password; returns the URL of the attempt."""
    response = post_password(client, username, **extra)
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def code_for(user: User) -> str:
    """The code of the user's newest challenge."""
    return Challenge.objects.filter(user=user).latest("created_at").code()


@pytest.fixture
def sign_in() -> Callable[[Client, User], Client]:
    """Signs a user in by SMS through the real flow; returns the client."""

    def run(client: Client, user: User) -> Client:
        url = begin(client, user.username)
        response = client.post(f"{url}answer/", {"code": code_for(user)})
        assert response.status_code == 302, response.content.decode()
        return client

    return run


@pytest.fixture
def clock(time_machine):
    """Now, running on, and to be moved: ``clock.shift(30)``."""
    time_machine.move_to(timezone.now())
    return time_machine


@pytest.fixture
def still(clock):
    """The same, standing still: no minute by which uses are counted ends meanwhile."""
    clock.move_to(timezone.now(), tick=False)
    return clock
