"""Programs that call ``/api/v1/``: how tests issue tokens and use them."""

from collections.abc import Collection, Iterator
from datetime import timedelta

from django.http import HttpResponse
from django.test import Client

from accounts import marks
from accounts.api_tokens import services
from accounts.api_tokens.models import ApiToken
from accounts.api_tokens.rules import Scope
from accounts.api_tokens.services import Issued
from accounts.origin import SYSTEM
from accounts.users.models import User
from portal.api import programs, tokens

DAY = timedelta(hours=24)
TOKEN = "/api/v1/token"
ACCOUNT = "/api/v1/account"


def issue(
    user: User,
    *,
    scopes: Collection[Scope] = tuple(Scope),
    life: timedelta = DAY,
    networks: Collection[str] = (),
    name: str = "report",
) -> Issued:
    """A token that may do everything unless told otherwise."""
    issued = services.create(
        user_id=user.pk, name=name, scopes=scopes, life=life, networks=networks, origin=SYSTEM
    )
    assert issued is not None
    return issued


def call(
    text: str, path: str = ACCOUNT, method: str = "GET", address: str = "127.0.0.1"
) -> HttpResponse:
    """What a program gets that sends ``text``."""
    program = Client(raise_request_exception=False, REMOTE_ADDR=address)
    return program.generic(method, path, headers={"Authorization": f"Bearer {text}"})


def operations() -> Iterator[tuple[str, str, Scope | None]]:
    """Method, path and scope of each operation that asks for a token."""
    for router in (tokens, programs):
        for path, view in router.path_operations.items():
            for one in view.operations:
                if hasattr(one.view_func, marks.SCOPE):
                    for method in one.methods:
                        yield method, f"/api/v1{path}", getattr(one.view_func, marks.SCOPE)


OPERATIONS = list(operations())


def fresh(row: ApiToken) -> ApiToken:
    """The row as it stands in the database."""
    return ApiToken.objects.get(pk=row.pk)
