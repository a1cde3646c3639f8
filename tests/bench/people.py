"""Some hundreds of clients, each with a number, an authenticator and a known browser."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db.models import F
from django.utils import timezone

from accounts.challenges.models import Challenge
from accounts.client_accounts.models import ClientAccount, LegalEntity, Membership, Role
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.origin import digest
from accounts.outbox.models import Message, Status
from accounts.sessions.models import KnownDevice
from accounts.users.models import User
from accounts.vault import blind_index
from sls.methods.sms.models import PhoneDevice

PASSWORD = "lantern-orbit-cactus-42"
# Numbers of fiction: 555-0100 to 555-0199 of an area code.
_AREAS = (202, 206, 212, 303, 312, 404, 415, 503, 512, 617, 702, 713)
_UNSETTLED = (Status.QUEUED, Status.SENDING)


@dataclass(frozen=True, slots=True)
class Person:
    """A client as the measurements know one."""

    id: int
    username: str
    number: str
    device: str


def create(names: str, count: int, *, start: int, hasher: str) -> list[Person]:
    """Clients ``<names>000`` on; ``start`` is the place of the first among all numbers."""
    then, password = timezone.now() - timedelta(days=400), make_password(PASSWORD, hasher=hasher)
    users = User.objects.bulk_create(
        User(
            username=f"{names}{place:03}",
            name=f"{names.title()} Example",
            password=password,
            activated_at=then,
        )
        for place in range(count)
    )
    trusted = {"primary": True, "created_at": then, "verified_at": then, "trusted_from": then}
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, address=f"{user.username}@example.com", **trusted) for user in users
    )
    phones = PhoneNumber.objects.bulk_create(
        PhoneNumber(user=user, number=_number(start + place), **trusted)
        for place, user in enumerate(users)
    )
    PhoneDevice.objects.bulk_create(
        PhoneDevice(
            user=phone.user,
            phone=phone,
            name=phone.masked,
            number_index=blind_index(phone.number, "phone"),
        )
        for phone in phones
    )
    accounts = ClientAccount.objects.bulk_create(
        ClientAccount(number=f"U{5_000_000 + start + place}", equity=40_000, entity=LegalEntity.US)
        for place in range(count)
    )
    Membership.objects.bulk_create(
        Membership(account=account, user=user, role=Role.OWNER)
        for account, user in zip(accounts, users, strict=True)
    )
    people = [
        Person(user.pk, user.username, phone.number, f"browser-of-{user.username}")
        for user, phone in zip(users, phones, strict=True)
    ]
    KnownDevice.objects.bulk_create(
        KnownDevice(
            user_id=person.id, digest=digest(person.device), agent="", first_at=then, last_at=then
        )
        for person in people
    )
    return people


def _number(place: int) -> str:
    return f"+1{_AREAS[place // 100]}55501{place % 100:02}"


def code_of(person: Person) -> str:
    """The code on the person's telephone: of the newest challenge."""
    return Challenge.objects.filter(user_id=person.id).latest("created_at").code()


def let_time_pass(people: Iterable[Person], **time: float) -> None:
    """Moves what was sent to these people into the past, so that the spacing allows the next."""
    ago = timedelta(**time)
    Message.objects.filter(to__in=[person.number for person in people]).update(
        created_at=F("created_at") - ago, not_before=F("not_before") - ago
    )


def unsettled(people: Sequence[Person]) -> int:
    """How many messages to these people are still on their way to the provider."""
    numbers = [person.number for person in people]
    return Message.objects.filter(to__in=numbers, status__in=_UNSETTLED).count()


def forget_unsent() -> None:
    """Takes back what a provider that is away did not take; nothing tries on behind a series."""
    Message.objects.filter(status__in=_UNSETTLED).update(status=Status.ABORTED, body=None)
