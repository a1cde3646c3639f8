from itertools import product

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from accounts.sessions.models import Session
from tests.staged import staged

FILLERS = {
    "kid": "k1",
    "id": "unknown",
    "pk": 1,
    "who": 1,
    "breaker_id": 1,
    "number": "U1000001",
    "token": "unknown",
    "key": "unknown",
    "path": "x",
    "signed": "unknown",
    "method": "authenticator_app",
    "challenge": "00000000-0000-4000-8000-000000000001",
    "reference": "unknown",
    "share": "00000000-0000-4000-8000-000000000001",
    "document": "00000000-0000-4000-8000-000000000001",
    "message": "00000000-0000-4000-8000-000000000001",
    "withdrawal": "00000000-0000-4000-8000-000000000001",
    "kind": "address",
    "attempt": "unknown",
    "username": "alice",
    "code": "unlock",
    "object_id": 1,
    "push_id": "00000000-0000-4000-8000-000000000001",
}


def patterns(resolver=None, namespace: str = ""):
    """Every pattern of the site with its full name."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from patterns(one, inner)
        elif isinstance(one, URLPattern):
            yield f"{namespace}{one.name}", one


def url_of(name: str, pattern: URLPattern) -> str:
    takes = pattern.pattern.regex.groupindex
    wanted = {**FILLERS, "pk": "00000000-0000-0000-0000-000000000001"}
    for fill in (FILLERS, wanted):
        try:
            return reverse(name, kwargs={key: fill[key] for key in takes})
        except NoReverseMatch:
            continue
    raise AssertionError(f"no URL for {name}")


def closed() -> list[str]:
    """Every URL that needs a sign-in."""
    return sorted(
        url_of(name, pattern)
        for name, pattern in patterns()
        if getattr(pattern.callback, "login_required", True)
    )


def test_every_signed_in_page_demands_a_second_factor(client, alice, sign_in, subtests):
    sign_in(client, alice)
    Session.objects.filter(user=alice).update(device="")
    again = staged(client)
    for method, url in product(("get", "post"), closed()):
        with subtests.test(method=method, url=url), again():
            assert getattr(client, method)(url).status_code == 403


def test_every_signed_in_page_demands_a_sign_in(client, db, subtests):
    again = staged(client)
    for url in closed():
        with subtests.test(url=url), again():
            response = client.get(url)
            assert response.status_code == 302
            assert response["Location"].startswith("/login/")


def test_log_off_stays_open(client, alice, sign_in):
    sign_in(client, alice)
    Session.objects.filter(user=alice).update(device="")
    assert client.post("/logout/").status_code == 200
    assert client.get("/").status_code == 302


def test_lets_nobody_pass_who_was_never_activated(client, alice, sign_in):
    sign_in(client, alice)
    type(alice).objects.filter(pk=alice.pk).update(activated_at=None)
    assert client.get("/").status_code == 403


def test_the_list_is_not_empty():
    assert {"/", "/settings/", "/settings/communication/phones/", "/console/"} <= set(closed())
