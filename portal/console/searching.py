"""Finding a client by whatever the caller says: name, user name, account, contact, reference.

Each guess at what was typed is one question with an index of its own, and at most a page of
answers; nothing is counted and nothing scanned (SPEED G16).
"""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import QuerySet

from accounts import references
from accounts.cases.models import Case
from accounts.client_accounts.models import Membership
from accounts.contacts import rules as contacts
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.users.models import User
from accounts.users.rules import canonical

MOST = 20
TYPED_MAX = 120
_ACCOUNT = re.compile(r"[uU][0-9]{7}")


@dataclass(frozen=True, slots=True)
class Found:
    """Clients that were meant, at most ``MOST``; ``more`` says that there are others."""

    users: list[User]
    more: bool


def search(typed: str) -> Found:
    """Whom ``typed`` may mean, staff never. At most five queries."""
    text = " ".join(typed[:TYPED_MAX].replace("\0", "").split())
    if not text:
        return Found([], more=False)
    users: dict[int, User] = {}
    for guess in _guesses(text):
        for user in guess.filter(is_staff=False)[: MOST + 1]:
            users.setdefault(user.pk, user)
        if users:
            break
    found = list(users.values())
    return Found(found[:MOST], more=len(found) > MOST)


def _guesses(text: str) -> list[QuerySet[User]]:
    """What it could be, the most exact first; the first that finds somebody is it."""
    all_users = User.objects.all()
    guesses = [all_users.filter(username=canonical(text))]
    if _ACCOUNT.fullmatch(text):
        members = Membership.objects.filter(account__number=text.upper())
        guesses.append(all_users.filter(pk__in=members.values("user")))
    if "@" in text:
        emails = EmailAddress.kept.filter(
            address__in={text, text.lower(), contacts.canonical_email(text)}
        )
        guesses.append(all_users.filter(pk__in=emails.values("user")))
    number = contacts.read_phone(text, "US") if any(c.isdigit() for c in text) else None
    if number is not None and not isinstance(number, contacts.Refusal):
        phones = PhoneNumber.kept.filter(number=number)
        guesses.append(all_users.filter(pk__in=phones.values("user")))
    if reference := references.read(text):
        cases = Case.objects.filter(reference=reference)
        guesses.append(all_users.filter(pk__in=cases.values("user")))
    return [*guesses, named(all_users, text)]


def named(users: QuerySet[User], text: str) -> QuerySet[User]:
    """Those in whose name each word of ``text`` begins a word."""
    words = re.findall(r"\w+", text)
    if not words:
        return users.none()
    if connection.vendor != "postgresql":
        for word in words:
            users = users.filter(name__iregex=rf"(^|\W){word}")
        return users
    # The expression of the index ``user_by_word_of_name`` (accounts 0038).
    query = SearchQuery(
        " & ".join(f"'{word}':*" for word in words), config="simple", search_type="raw"
    )
    return users.annotate(words=SearchVector("name", config="simple")).filter(words=query)
