"""What the description of the API says holds for whatever is sent: schemathesis, all its checks."""

import hashlib
from typing import Any

import pytest
from django.core.cache import caches
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis import Case, GenerationMode, openapi
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation

from accounts.outbox.models import Message
from accounts.users.models import User
from portal.api import api
from portal.wsgi import application
from tests.accounts.transactions.conftest import flagged
from tests.cast import account, person
from tests.platforms import Platform
from tests.programs import issue

EXAMPLES = 200
CONFIG = {
    # What is well formed may still be refused: a name that is unknown, a rate that is used up.
    "checks": {
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "401", "403", "404", "409", "410", "422", "429"]
        },
        "negative_data_rejection": {
            "expected-statuses": [
                *("400", "401", "403", "404", "405", "409", "410", "415", "422", "429")
            ]
        },
    },
}

pytestmark = pytest.mark.django_db
schema = openapi.from_dict(api.get_openapi_schema(), config=SchemathesisConfig.from_dict(CONFIG))


def app(environ: dict[str, Any], start: Any) -> Any:
    """The portal, called from this machine."""
    return application({"REMOTE_ADDR": "127.0.0.1"} | environ, start)


schema.app = app


@pytest.fixture
def alice(db) -> User:
    user = person("alice", mobile="+14155550101")
    account("U1000001", user, equity=750_000)
    return user


@pytest.fixture
def known(alice, settings) -> dict[str, str]:
    """What lets calls through: a token of each kind, and a sign-in that goes on."""
    settings.SIGN_INS_PER_ADDRESS_MINUTE = settings.SENDS_PER_ADDRESS_HOUR = 1_000_000
    settings.SENDS_PER_NUMBER_DAY = 1_000_000
    settings.API_CALLS_PER_MINUTE = settings.API_CALLS_NOTICED = 1_000_000
    digest = hashlib.sha256(b"service-token-of-the-test").hexdigest()
    settings.SERVICE_TOKENS = [f"payments:{digest}:decisions+figures+documents+events+transactions"]
    platform = Platform("api")
    platform.sign_in()
    Message.objects.all().delete()
    going = Platform("tws")
    going.begin()
    return {
        "SessionToken": platform.token,
        "Token": issue(alice).text,
        "ServiceToken": "service-token-of-the-test",
        "attempt": going.attempt,
        "id": flagged(alice, external="fraud-1", system="payments").external,
    }


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=True,
)
def test_every_operation_does_what_it_says(case: Case, known: dict[str, Any]):
    for signal in (request_started, request_finished):
        # A request would close the connection that the test's transaction is on; the client of
        # Django, which looks after that itself, has put it back.
        signal.disconnect(close_old_connections)
    for name in ("limits", "rates"):
        caches[name].clear()
    is_positive = case.meta is None or case.meta.generation.mode == GenerationMode.POSITIVE
    if is_positive:
        # In the place of one that stands for nothing.
        for name in known.keys() & (case.path_parameters or {}).keys():
            case.path_parameters[name] = known[name]
    kind = next(iter((case.operation.definition.raw.get("security") or [{}])[0]), "")
    headers = {}
    # Where the header itself is what is wrong, it stays so.
    component = case.meta and case.meta.components.get(ParameterLocation.HEADER)
    is_right = component is None or component.mode == GenerationMode.POSITIVE
    if kind in known and is_right:
        headers["Authorization"] = f"Bearer {known[kind]}"
    case.call_and_validate(headers=headers)
