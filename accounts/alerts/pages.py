"""What the page of alerts shows."""

from dataclasses import dataclass

from accounts.alerts import choices, rules
from accounts.alerts.categories import WORDS, Way
from accounts.alerts.wording import DIGESTS
from accounts.users.models import User


@dataclass(frozen=True, slots=True)
class Row:
    """A category: ``email_on`` is None where e-mail is always on; ``sms_on`` says whether every
    alert of it comes by text message, or only the most important ones."""

    category: str
    name: str
    about: str
    email_on: bool | None
    sms_on: bool


@dataclass(frozen=True, slots=True)
class Often:
    """How often the digest may come; ``less`` than now takes a proof."""

    digest: str
    name: str
    is_now: bool
    less: bool


def rows(user: User) -> list[Row]:
    """Every category as it stands for ``user``. No query."""
    return [
        Row(
            category=category.value,
            name=str(words.name),
            about=str(words.about),
            email_on=choices.is_on(user, category, Way.EMAIL)
            if choices.may_be_silenced(category)
            else None,
            sms_on=choices.is_on(user, category, Way.SMS),
        )
        for category, words in WORDS.items()
    ]


def digests(user: User) -> list[Often]:
    """The choices of the digest. No query."""
    return [
        Often(
            digest,
            str(DIGESTS[digest]),
            is_now=digest == user.digest,
            less=rules.tells_less(user.digest, digest),
        )
        for digest in rules.DIGESTS
    ]
