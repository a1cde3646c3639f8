from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges.rules import Bar
from accounts.client_accounts import services as client_accounts
from accounts.client_accounts.models import LegalEntity
from accounts.contacts import kinds, reached
from accounts.contacts import services as contacts
from accounts.contacts import wording as contact_words
from accounts.contacts.kinds import Kind
from accounts.contacts.rules import Refusal, region_of
from accounts.origin import Origin
from accounts.users.models import User
from accounts.users.rules import canonical, is_acceptable
from sls.enrolment import rules
from sls.enrolment.activation import send_code
from sls.policy import services as policy

ZONE = "America/New_York"
NAME_MOST = 120


class CannotOpen(ValueError):
    """The account cannot be opened; the message is one line for an operator."""


@dataclass(frozen=True, slots=True)
class NewUser:
    """What is known of somebody who is to have a user name."""

    username: str
    name: str
    email: str
    mobile: str
    language: str


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

    @property
    def user(self) -> NewUser:
        """Of them alone."""
        return NewUser(self.username, self.name, self.email, self.mobile, self.language)


def open_account(*, opening: Opening, origin: Origin, actor: str) -> User:
    """Makes a user who cannot sign in yet and their account, and mails an activation code.

    All or nothing. Raises ``CannotOpen``.
    """
    with transaction.atomic():
        user = write_user(opening.user)
        mobile = reached.first_phone(user.pk).number
        entity = opening.entity or rules.entity_of(region_of(mobile))
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
            raise CannotOpen(_("no code may be mailed to %(email)s now") % {"email": opening.email})
        policy.default_for(user=user, entity=account.entity, origin=origin, actor=actor)
    return user


def write_user(new: NewUser) -> User:
    """Writes a user who cannot sign in yet, with address and number, unverified. Records nothing.

    Raises ``CannotOpen``.
    """
    username = canonical(new.username)
    if not is_acceptable(username):
        raise CannotOpen(
            _("%(name)r is not a user name: 3 to 32 of a-z 0-9 . _ -, not a sign first")
            % {"name": new.username}
        )
    if not new.name.strip():
        raise CannotOpen(_("the name is empty"))
    if len(new.name) > NAME_MOST or not new.name.isprintable():
        raise CannotOpen(
            _("the name is longer than %(most)d or has what nobody can read") % {"most": NAME_MOST}
        )
    if new.language not in dict(settings.LANGUAGES):
        raise CannotOpen(
            _("%(language)r is not one of %(known)s")
            % {"language": new.language, "known": ", ".join(dict(settings.LANGUAGES))}
        )
    email = _accepted(kinds.EMAIL, contacts.read_email(user_id=0, typed=new.email))
    mobile = _accepted(kinds.PHONE, contacts.read_phone(user_id=0, typed=new.mobile))
    if User.objects.by_name(username):
        raise CannotOpen(_("there is a user %(name)s already") % {"name": username})
    user = _user(new, username, zone=rules.zone_of(mobile) or ZONE)
    _contacts(user, email=email, mobile=mobile)
    return user


def _accepted(kind: Kind, read: str | Refusal) -> str:
    if isinstance(read, Refusal):
        why = {"why": contact_words.of_refusal(read, kind).rstrip(".。")}
        if kind is kinds.EMAIL:
            raise CannotOpen(_("the e-mail address is refused: %(why)s") % why)
        raise CannotOpen(_("the mobile number is refused: %(why)s") % why)
    return read


def _user(new: NewUser, username: str, *, zone: str) -> User:
    user = User(username=username, name=new.name.strip(), language=new.language, zone=zone)
    user.set_unusable_password()
    user.save(force_insert=True)
    return user


def _contacts(user: User, *, email: str, mobile: str) -> None:
    contacts.write_email(user, email)
    contacts.write_phone(user, mobile)
