from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges.rules import Bar
from accounts.client_accounts import services as client_accounts
from accounts.client_accounts.models import LegalEntity
from accounts.contacts import services as contacts
from accounts.contacts.rules import Refusal, region_of
from accounts.origin import Origin
from accounts.users.models import User
from accounts.users.rules import canonical, is_acceptable
from sls.enrolment import rules
from sls.enrolment.activation import send_code
from sls.policy import services as policy

ZONE = "America/New_York"


class CannotOpen(ValueError):
    """The account cannot be opened; the message is one line for an operator."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What the brokerage knows of a new client. ``entity`` "" follows from the number."""

    username: str
    name: str
    email: str
    mobile: str
    account: str
    language: str
    entity: str = ""


def open_account(*, opening: Opening, origin: Origin, actor: str) -> User:
    """Makes a user who cannot sign in yet and their account, and mails an activation code.

    All or nothing. Raises ``CannotOpen``.
    """
    username = canonical(opening.username)
    if not is_acceptable(username):
        raise CannotOpen(
            f"{opening.username!r} is not a user name: 3 to 32 of a-z 0-9 . _ -, not a sign first"
        )
    if not opening.name.strip():
        raise CannotOpen("the name is empty")
    if opening.language not in dict(settings.LANGUAGES):
        raise CannotOpen(
            f"{opening.language!r} is not one of {', '.join(dict(settings.LANGUAGES))}"
        )
    email = _accepted("e-mail address", contacts.read_email(user_id=0, typed=opening.email))
    mobile = _accepted("mobile number", contacts.read_phone(user_id=0, typed=opening.mobile))
    entity = opening.entity or rules.entity_of(region_of(mobile))
    with transaction.atomic():
        if User.objects.by_name(username):
            raise CannotOpen(f"there is a user {username} already")
        user = _user(opening, username, zone=rules.zone_of(mobile) or ZONE)
        _contacts(user, email=email, mobile=mobile)
        try:
            account = client_accounts.open_account(
                number=opening.account, owner=user, entity=LegalEntity(entity)
            )
        except client_accounts.UnacceptableAccount as error:
            raise CannotOpen(str(error)) from None
        user = audit.lock(user.pk)
        audit.record(
            Event.ACCOUNT_OPENED,
            user=user,
            origin=origin,
            actor=actor,
            detail={"account": account.number, "entity": account.entity},
        )
        sending = send_code(user=user, origin=origin, actor=actor, planned=True)
        if sending.bar not in (None, Bar.SPACING):
            raise CannotOpen(f"no code may be mailed to {email} now: {sending.bar.value}")
        policy.default_for(user=user, entity=account.entity, origin=origin, actor=actor)
    return user


def _accepted(what: str, read: str | Refusal) -> str:
    if isinstance(read, Refusal):
        raise CannotOpen(f"the {what} is refused: {read.value.replace('_', ' ')}")
    return read


def _user(opening: Opening, username: str, *, zone: str) -> User:
    user = User(username=username, name=opening.name.strip(), language=opening.language, zone=zone)
    user.set_unusable_password()
    user.save(force_insert=True)
    return user


def _contacts(user: User, *, email: str, mobile: str) -> None:
    contacts.write_email(user, email)
    contacts.write_phone(user, mobile)
