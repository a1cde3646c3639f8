"""A mail to every address at which somebody is told of things."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts import phrase
from accounts.contacts import reached
from accounts.origin import digest
from accounts.outbox import services as outbox
from accounts.outbox.models import Channel
from accounts.users.models import User

LIFE = timedelta(days=1)


def mail(user: User, *, name: str, about: str, **context: Any) -> None:
    """Queues the message ``name`` in the caller's transaction, in the language of ``user``, whose
    name it knows. ``about`` is what it tells of: each address is told of that once."""
    for address in reached.addresses_to_tell(user.pk):
        outbox.enqueue(
            user=user,
            channel=Channel.EMAIL,
            name=name,
            to=address,
            language=user.language,
            context={"name": user.name, **context},
            expires_at=timezone.now() + LIFE,
            dedupe=f"{about}:{user.pk}:{digest(address)[:32]}",
            phrase=phrase.of(user),
        )
