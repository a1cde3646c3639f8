"""Every marked view asks for a proof, and no unsafe page forgot to decide."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, get_resolver
from django_otp.oath import totp

from accounts import marks
from accounts.sessions.models import Session
from sls.methods.dsc_plus.models import CardDevice
from sls.step_up.acts import ACTS
from sls.step_up.models import Pending
from sls.step_up.rules import TABLE
from tests.cast import SEED, app_device, begin, card_device

pytestmark = pytest.mark.django_db


def patterns(entries=None, prefix="/") -> Iterator[tuple[str, URLPattern]]:
    for entry in get_resolver().url_patterns if entries is None else entries:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, entry
        else:
            yield from patterns(entry.url_patterns, route)


def address(route: str, pattern: URLPattern, user) -> str:
    kind = pattern.default_args.get("kind")
    own = {"phone": "phonenumbers", "email": "emailaddresss"}.get(kind, "")
    pk = getattr(user, own).get().pk if own else _device(route, user).pk
    route = route.replace("<str:method>", "authenticator_app")
    samples = {"int": str(pk), "uuid": str(uuid4()), "str": "x", "slug": "x", "path": "x"}
    for name, converter in pattern.pattern.converters.items():
        for code, sample in samples.items():
            route = route.replace(f"<{code}:{name}>", sample)
        route = route.replace(f"<{name}>", "x")
        assert converter
    return route


def _device(route: str, user):
    if "/security/card/" not in route:
        return app_device(user)
    return CardDevice.objects.filter(user=user).first() or card_device(user)


def everything() -> dict[str, list]:
    """All rows of all tables but those in which a step-up and a visit leave their trace."""
    kept = [m for m in apps.get_models() if m not in (Pending, Session)]
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in kept}


def test_every_marked_view_asks_for_a_proof_and_changes_nothing(signed_in, alice):
    marked = [
        address(route, pattern, alice)
        for route, pattern in patterns()
        if hasattr(pattern.callback, marks.ACTION)
    ]
    assert len(marked) >= 6
    before = everything()
    for path in marked:
        sound = {"number": "+14155550177", "email": "new@example.com"}
        assert signed_in.post(path, sound).status_code in (302, 403), path
        for method in ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"):
            assert signed_in.generic(method, path).status_code == 403, path
        assert signed_in.post(path, "{}", content_type="application/json").status_code in (400, 403)
        assert everything() == before, path


def test_every_mark_is_in_the_table_and_has_its_act():
    actions = {getattr(p.callback, marks.ACTION, None) for _route, p in patterns()} - {None}
    assert actions <= TABLE.keys() & ACTS.keys()


@pytest.fixture
def staff(sam) -> Client:
    """Sam's browser."""
    client = Client()
    url = begin(client, "sam")
    assert client.post(f"{url}answer/", {"code": f"{totp(SEED):06d}"}).status_code == 302
    return client


def test_every_page_that_takes_a_post_has_decided(signed_in, staff, alice):
    for route, pattern in patterns():
        decided = hasattr(pattern.callback, marks.ACTION) or hasattr(pattern.callback, marks.REASON)
        if not decided:
            path = address(route, pattern, alice)
            browser = staff if route.startswith("/console/") else signed_in
            assert browser.post(path).status_code == 405, path


def test_every_reason_is_a_reason():
    for route, pattern in patterns():
        reason = getattr(pattern.callback, marks.REASON, None)
        assert reason is None or len(reason) > 10, route
