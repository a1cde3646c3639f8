"""The people of the demo. Their numbers are fictitious, their password is public."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts import vault
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.client_accounts import services as client_accounts
from accounts.client_accounts.models import ClientAccount, LegalEntity, Role
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.contacts.rules import line_type
from accounts.origin import SYSTEM
from accounts.passwords import history
from accounts.users.models import User
from portal.console import staffing
from portal.console.rules import Role as StaffRole
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.sms.models import PhoneDevice
from sls.policy import services as policy

PASSWORD = "lantern-orbit-cactus-42"  # noqa: S105  (the demo's, printed by the demo)
APP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105  (Base32, the same)
LONG_AGO = timedelta(days=400)
CHANGED_AFTER = timedelta(days=310)


@dataclass(frozen=True, slots=True)
class Person:
    """``role`` on ``account``; staff have neither."""

    username: str
    name: str
    mobile: str
    account: str = ""
    role: Role = Role.OWNER
    equity: int = 0
    entity: LegalEntity = LegalEntity.US
    language: str = "en"
    zone: str = "America/New_York"
    staff: StaffRole | None = None


CAST = (
    Person("alice", "Alice Meadows", "+14155550101", "U1000001", equity=750_000),
    Person("bob", "Bob Harlan", "+14155550102", "U1000002", equity=40_000),
    Person("carol", "Carol Winter", "+14155550103", "U1000001", role=Role.TRADER),
    Person(
        *("dai", "Dai Ito", "+819012345678", "U1000003"),
        equity=120_000,
        entity=LegalEntity.JP,
        language="ja",
        zone="Asia/Tokyo",
    ),
    Person("sam", "Sam Porter", "+14155550109", staff=StaffRole.AGENT),
    Person("tess", "Tess Novak", "+14155550108", staff=StaffRole.LEAD),
    Person("uma", "Uma Lindqvist", "+14155550107", staff=StaffRole.OFFICER),
)


def seed() -> list[str]:
    """Writes who is not there yet, all or nothing; returns their user names."""
    missing = [person for person in CAST if User.objects.by_name(person.username) is None]
    if not missing:
        return []
    encoded = make_password(PASSWORD)  # slow on purpose, so once for all
    with transaction.atomic():
        for person in missing:
            _write(person, encoded, timezone.now() - LONG_AGO)
    return [person.username for person in missing]


def _write(person: Person, encoded: str, then: datetime) -> None:
    user = User.objects.create(
        username=person.username,
        name=person.name,
        password=encoded,
        language=person.language,
        zone=person.zone,
        is_staff=person.staff is not None,
        activated_at=then,
        contacts_confirmed_at=then + timedelta(days=370),
        password_at=then + CHANGED_AFTER,
    )
    history.remember(user=user, kept=history.digest(user, PASSWORD))
    known = {
        "user": user,
        "primary": True,
        "created_at": then,
        "verified_at": then,
        "trusted_from": then,
    }
    EmailAddress.objects.create(address=f"{person.username}@example.com", **known)
    phone = PhoneNumber.objects.create(
        number=person.mobile, line_type=line_type(person.mobile), **known
    )
    if person.staff:
        _enrol_app(user, then)
    else:
        _enrol_sms(user, phone, then)
        _on_account(person, user)
    locked = audit.lock(user.pk)
    audit.record(
        Event.ACCOUNT_OPENED,
        user=locked,
        origin=SYSTEM,
        actor="seed_demo",
        detail={"account": person.account} if person.account else {},
    )
    if person.staff:
        made = {"reason": "demo", "actor": "seed_demo", "origin": SYSTEM}
        staffing.set_roles(locked, [person.staff], **made)
    if person.account:
        policy.default_for(user=user, entity=person.entity, origin=SYSTEM, actor="seed_demo")


def _enrol_sms(user: User, phone: PhoneNumber, then: datetime) -> None:
    PhoneDevice.objects.create(
        user=user,
        phone=phone,
        name=phone.masked,
        number_index=vault.blind_index(phone.number, "phone"),
        created_at=then,
    )


def _enrol_app(user: User, then: datetime) -> None:
    device = AppDevice(user=user, name="Authenticator app", created_at=then)
    device.put_seed(base64.b32decode(APP_SECRET))
    device.save(force_insert=True)


def _on_account(person: Person, user: User) -> None:
    account = ClientAccount.objects.filter(number=person.account).first()
    if account is None:
        client_accounts.open_account(
            number=person.account, owner=user, entity=person.entity, equity=person.equity
        )
    else:
        client_accounts.grant(account=account, user=user, role=person.role)
