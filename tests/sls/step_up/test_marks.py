"""Every marked view asks for a proof, and no unsafe page of the settings forgot to decide."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.urls import URLPattern, get_resolver

from accounts import marks
from sls.step_up.acts import ACTS
from tests.cast import app_device

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
    pk = getattr(user, own).get().pk if own else app_device(user).pk
    route = route.replace("<str:method>", "authenticator_app")
    samples = {"int": str(pk), "uuid": str(uuid4()), "str": "x", "slug": "x", "path": "x"}
    for name, converter in pattern.pattern.converters.items():
        for code, sample in samples.items():
            route = route.replace(f"<{code}:{name}>", sample)
        route = route.replace(f"<{name}>", "x")
        assert converter
    return route


def test_every_marked_view_asks_for_a_proof(signed_in, alice):
    marked = [(r, p) for r, p in patterns() if hasattr(p.callback, marks.ACTION)]
    assert len(marked) >= 6
    for route, pattern in marked:
        path = address(route, pattern, alice)
        sound = {"number": "+14155550177", "email": "new@example.com"}
        assert signed_in.post(path, sound).status_code in (302, 403), path
        for method in ("HEAD", "PUT", "PATCH", "DELETE"):
            assert signed_in.generic(method, path).status_code == 403, path


def test_every_mark_has_its_act():
    actions = {getattr(p.callback, marks.ACTION, None) for _route, p in patterns()} - {None}
    assert actions <= ACTS.keys()


def test_every_unsafe_page_of_the_settings_has_decided(signed_in, alice):
    for route, pattern in patterns():
        decided = hasattr(pattern.callback, marks.ACTION) or hasattr(pattern.callback, marks.REASON)
        if route.startswith("/settings/") and not decided:
            path = address(route, pattern, alice)
            assert signed_in.post(path).status_code == 405, path


def test_every_reason_is_a_reason():
    for route, pattern in patterns():
        reason = getattr(pattern.callback, marks.REASON, None)
        assert reason is None or len(reason) > 10, route
