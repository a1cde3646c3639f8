"""A forgotten user name. It goes by mail to its owner, and the page says the same to everybody."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts import phrase
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.contacts import reached
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.origin import Origin, digest
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel
from accounts.users.models import User

MESSAGE = "user_name"
MAIL_LIFE = timedelta(hours=1)


def send(*, email: str, phone: str, origin: Origin) -> None:
    """Mails their user name to whoever has both contacts, to every verified address of theirs.

    Says nothing of whether there was anybody. No name is mailed twice within the hour.
    """
    address = EmailAddress.objects.filter(
        user=OuterRef("pk"), address=email, verified_at__isnull=False
    )
    number = PhoneNumber.objects.filter(
        user=OuterRef("pk"), number=phone, verified_at__isnull=False
    )
    theirs = User.objects.filter(
        Exists(address),
        Exists(number),
        is_active=True,
        frozen_at=None,
        activated_at__isnull=False,
    )
    for user_id in theirs.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            _mail(audit.lock(user_id), origin)


def _mail(user: User, origin: Origin) -> None:
    now, told = timezone.now(), False
    for to in reached.addresses_to_tell(user.pk):
        key = f"user_name:{user.pk}:{now:%Y-%m-%dT%H}:{digest(to)[:32]}"
        if outbox.is_known(key):
            continue
        outbox.enqueue(
            user=user,
            channel=Channel.EMAIL,
            name=MESSAGE,
            to=to,
            language=user.language,
            context={"name": user.name, "username": user.username},
            expires_at=now + MAIL_LIFE,
            dedupe=key,
            phrase=phrase.of(user),
        )
        told = True
    if told:
        audit.record(Event.USER_NAME_SENT, user=user, origin=origin)
