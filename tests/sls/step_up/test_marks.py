"""Every marked view asks for a proof, and no unsafe page forgot to decide."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from django_otp.oath import totp

from accounts import marks
from accounts.api_tokens.models import ApiToken
from accounts.approvals.models import Request
from accounts.automation.models import Watch
from accounts.contacts import changes
from accounts.contacts.models import What
from accounts.ip_restrictions.models import Restriction
from accounts.sessions.models import Session
from accounts.transactions.models import Transaction
from portal.console.rules import Role
from sls.methods.dsc_plus.models import CardDevice
from sls.step_up.acts.table import ACTS
from sls.step_up.models import Pending
from sls.step_up.rules import TABLE
from sls.travel.models import Notice
from tests.abroad import announced
from tests.accounts.ip_restrictions.lists import restrict
from tests.accounts.transactions.conftest import flagged
from tests.attacks import ids
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
    one = getattr(user, own).get() if own else _device(route, user)
    rooms = ("/account/users/", "/trading/algorithms/", "/trading/ceilings/")
    if any(room in route for room in rooms):
        one = user.memberships.get()
        route = route.replace("<str:number>", one.account.number)
    if route.startswith("/transactions/<"):
        held = Transaction.objects.filter(user=user).first() or flagged(user)
        route = route.replace("<str:reference>", held.reference)
    if "/trading/tokens/" in route:
        one = ApiToken.objects.get(pk=ids.OWNED["api_token"](user)["pk"])
    if "/withdrawals/" in route:
        return f"/withdrawals/{ids.OWNED['withdrawal_prove'](user)['withdrawal']}/"
    if "/changes/" in route:
        one = changes.write(What.ADDED, one)
    pk = one.pk
    route = route.replace("<str:method>", "authenticator_app").replace("<int:who>", str(user.pk))
    samples = {"int": str(pk), "uuid": str(uuid4()), "str": "x", "slug": "x", "path": "x"}
    for name, converter in pattern.pattern.converters.items():
        for code, sample in samples.items():
            route = route.replace(f"<{code}:{name}>", sample)
        route = route.replace(f"<{name}>", "x")
        assert converter
    return route


def _device(route: str, user):
    if "/trading/rules/" in route:
        return Watch.objects.get(pk=ids.OWNED["automation_rule_remove"](user)["pk"])
    if "/security/requests/" in route:
        ids.ask_for_a_second_person(user)
        return Request.objects.get(user=user)
    if "/security/ip/" in route:
        return Restriction.objects.filter(user=user).first() or _restriction(user)
    if "/security/travel/" in route:
        return Notice.objects.filter(user=user, countries="DE").first() or announced(
            user, "DE", ahead=30
        )
    if "/security/card/" not in route:
        return app_device(user)
    return CardDevice.objects.filter(user=user).first() or card_device(user)


def _restriction(user) -> Restriction:
    restrict(user, "127.0.0.1")
    return Restriction.objects.get(user=user)


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
        today = timezone.localdate().isoformat()
        sound = {"number": "+14155550177", "email": "new@example.com"}
        sound |= {"name": "report", "lasts": "24h", "may_account_read": "on"}
        sound |= {"order": "1", "position": "", "margin": ""}
        sound |= {"switch": "phone_views_only"}
        sound |= {"first": today, "last": today, "countries-JP": "on"}
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
    """Sam's browser; everything at the console is open to him."""
    sam.groups.set([Group.objects.get_or_create(name=role)[0] for role in Role])
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
