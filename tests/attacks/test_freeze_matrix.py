"""Everything that was handed out before a freeze, at every address of the portal, on the very next
request after it: nothing of it opens anything (A6, A15; FIRSTS 5).

A column is a kind of credential, a row an address of the resolver. For each pair a browser that
holds the credential, and has asked for nothing since, gets the answer that a browser with nothing
gets; the answer that it got before the freeze shows that the credential was worth something.
"""

import re
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve, reverse

from accounts.api_tokens.models import ApiToken
from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from accounts.freeze.models import Freeze, How, Trading
from accounts.freeze.services import freeze
from accounts.origin import SYSTEM
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.methods import registry
from sls.methods.backup_codes.models import CodeSet
from sls.step_up.models import Pending
from tests.attacks import ids
from tests.attacks.test_ways_in import WAYS, came_in
from tests.attacks.tools import browser
from tests.cast import PASSWORD, begin, code_for, code_set, unused_code

pytestmark = pytest.mark.django_db

OF_KIND = {"int": 1, "uuid": UUID(int=4), "str": "x" * 43}
REFUSED = {(302, "login"), (401, ""), (403, ""), (404, ""), (405, "")}
FIELDS = {"code": "493817", "device": "x", "delivery": "sms", "password": PASSWORD}


def addresses(resolver=None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the portal that has a name, with its pattern."""
    for one in (resolver or get_resolver()).url_patterns:
        if not isinstance(one, URLPattern):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from addresses(one, inner)
        elif one.name:
            yield f"{namespace}{one.name}", one


def paths(user: User) -> dict[str, tuple[str, bool]]:
    """For each name an address, with ids of ``user`` where it holds some; and whether its view
    demands a sign-in."""
    found = {}
    for name, pattern in addresses():
        given = ids.OWNED[name](user) if name in ids.OWNED else _made_up(pattern)
        demands = getattr(pattern.callback, "login_required", True)
        found[name] = (reverse(name, kwargs=given), demands)
    return found


def _made_up(pattern: URLPattern) -> dict[str, object]:
    kinds = {
        name: type(converter).__name__.removesuffix("Converter").lower()
        for name, converter in pattern.pattern.converters.items()
    }
    return {
        name: "sms" if name == "method" else OF_KIND.get(kind, "x") for name, kind in kinds.items()
    }


def with_cookies(cookies: dict[str, str]) -> Client:
    """A browser that holds these and has asked for nothing yet."""
    tab = browser()
    tab.cookies = SimpleCookie(cookies)
    return tab


def cookies_of(tab: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in tab.cookies.items()}


def seen(answer: HttpResponse) -> tuple[int, str]:
    """What an answer comes to: its status, and to which page it leads."""
    location = re.sub(r"[?].*", "", answer.headers.get("Location", ""))
    return answer.status_code, resolve(location).view_name if location else ""


_nothing: dict[tuple[str, str], tuple[int, str]] = {}


def to_nobody(method: str, name: str, path: str) -> tuple[int, str]:
    """What a browser that holds nothing gets at an address; the same for whomever it is about."""
    if (method, name) not in _nothing:
        ask = getattr(with_cookies({}), method.lower())
        _nothing[method, name] = seen(ask(path, FIELDS if method == "POST" else None))
    return _nothing[method, name]


def stop(user: User) -> Freeze:
    return freeze(user_id=user.pk, origin=SYSTEM, how=How.LINK, trading=Trading.NONE)


def both(cookies: dict[str, str], path: str) -> Iterator[HttpResponse]:
    """Looking and posting, each as the very next request."""
    yield with_cookies(cookies).get(path)
    yield with_cookies(cookies).post(path, FIELDS)


def refused_everywhere(cookies: dict[str, str], rows: dict[str, tuple[str, bool]]) -> dict:
    """What answered otherwise than to a browser with nothing, or as to its owner."""
    wrong = {}
    for name, (path, demands) in rows.items():
        for held in both(cookies, path):
            method, says = held.wsgi_request.method, held.content.decode(errors="replace")
            is_owner = "Alice Example" in says or held.wsgi_request.user.is_authenticated
            nothing = to_nobody(method, name, path)
            leads_in = demands and seen(held) not in REFUSED
            if is_owner or leads_in or seen(held) != nothing:
                wrong[f"{method} {name}"] = (seen(held), nothing)
    return wrong


def everywhere(alice: User) -> dict[str, tuple[str, bool]]:
    """Every address, with ids of Alice, who has one of everything."""
    ids.furnish(alice)
    return paths(alice)


def traces(user: User) -> tuple:
    """What whoever gets in would leave behind."""
    return (
        Entry.objects.filter(user=user).exclude(event="sign_in.refused").count(),
        Challenge.objects.filter(user=user, cancelled_at=None, used_at=None).count(),
        Message.objects.filter(user=user).count(),
        Session.objects.filter(user=user, ended_at=None).count(),
        Pending.objects.filter(user=user, granted_at__isnull=False).count(),
        user.password,
        list(user.emailaddresss.order_by("pk").values()),
        list(user.phonenumbers.order_by("pk").values()),
    )


class TestTheCookie:
    def test_was_worth_something_at_every_address_that_demands_it(self, alice, sign_in):
        held = cookies_of(sign_in(browser(), alice))
        rows = everywhere(alice)
        opened = {
            name
            for name, (path, demands) in rows.items()
            if demands and "/login/" not in with_cookies(held).get(path).headers.get("Location", "")
        }
        assert opened == {name for name, (_path, demands) in rows.items() if demands}

    def test_opens_nothing_on_the_very_next_request(self, alice, sign_in):
        held = cookies_of(sign_in(browser(), alice))
        rows = everywhere(alice)
        stop(alice)
        before = traces(alice)
        assert refused_everywhere(held, rows) == {}
        assert traces(alice) == before

    def test_opens_nothing_while_it_is_locked(self, alice, sign_in):
        tab = sign_in(browser(), alice)
        tab.post("/lock/")
        rows = everywhere(alice)
        stop(alice)
        assert refused_everywhere(cookies_of(tab), rows) == {}

    def test_of_every_other_session_is_worth_as_little(self, alice, sign_in, clock):
        first = cookies_of(sign_in(browser(), alice))
        clock.shift(61)
        second = sign_in(browser(), alice)
        assert second.post("/not-me/", {"trading": "nothing"}).status_code == 302
        for held in (first, cookies_of(second)):
            assert with_cookies(held).get("/").status_code == 302


class TestTheSignInAttempt:
    """Begun before, its code known."""

    @pytest.fixture
    def attempt(self, alice) -> tuple[dict[str, str], str, str]:
        tab = browser()
        url = begin(tab, "alice")
        return cookies_of(tab), url, code_for(alice)

    def test_opens_nothing_on_the_very_next_request(self, alice, attempt):
        held, _url, _code = attempt
        rows = everywhere(alice)
        stop(alice)
        before = traces(alice)
        assert refused_everywhere(held, rows) == {}
        assert traces(alice) == before

    @pytest.mark.parametrize("step", ["", "answer/", "resend/", "method/", "status/", "door/"])
    def test_leads_back_to_the_sign_in_from_every_step(self, alice, attempt, step):
        held, url, code = attempt
        stop(alice)
        before = traces(alice)
        for ask in ("get", "post"):
            tab = with_cookies(held)
            fields = {"code": code, "delivery": "voice", "device": "x"}
            answer = getattr(tab, ask)(f"{url}{step}", fields if ask == "post" else {})
            assert answer.status_code in (200, 302, 405)
            if answer.status_code == 200:
                assert step == "status/"
            if answer.status_code == 302:
                assert answer["Location"] in ("/login/?ended=frozen", url)
            assert settings.SESSION_COOKIE_NAME not in tab.cookies
        assert traces(alice) == before


class TestTheAnswer:
    """Of every method: asked for before, given after."""

    @pytest.mark.parametrize("way", WAYS)
    def test_opens_nothing(self, alice, way):
        last = WAYS[way](browser(), alice)
        for user in User.objects.all():
            stop(user)
        last()
        assert not came_in(way)
        assert not Session.objects.filter(ended_at=None).exists()

    def test_every_method_is_asked(self):
        assert {method.code for method in registry.METHODS} <= WAYS.keys()


class TestTheBackupCode:
    def test_opens_nothing_and_is_not_used_up(self, alice):
        code_set(alice)
        tab = browser()
        url = begin(tab, "alice")
        wanted = next(row for row in registry.devices(alice.pk) if row.method == "backup_codes")
        tab.post(f"{url}method/", {"device": wanted.id})
        stop(alice)
        answer = tab.post(f"{url}answer/", {"code": unused_code(alice)})
        assert answer["Location"] == "/login/?ended=frozen"
        assert not CodeSet.objects.get(user=alice).used
        assert not Session.objects.exists()

    def test_is_asked_for_nowhere_after_it(self, alice):
        code_set(alice)
        stop(alice)
        before = traces(alice)
        answer = browser().post("/login/", {"username": "alice", "password": PASSWORD})
        assert answer.status_code == 200
        for path in ("/recover/", "/recover/device/", "/unlock/", "/activate/resend/"):
            browser().post(path, {"username": "alice", "code": unused_code(alice)})
        assert not CodeSet.objects.get(user=alice).used
        assert traces(alice) == before


class TestWaysBack:
    """A way back, an unlocking, a step-up: what their cookies hold."""

    BEGIN: dict[str, Callable[[Client], object]] = {
        "recovery": lambda tab: tab.post("/recover/", {"username": "alice"}),
        "new factor": lambda tab: tab.post("/recover/device/", {"username": "alice"}),
        "unlocking": lambda tab: tab.post("/unlock/", {"username": "alice"}),
        "passkey": lambda tab: tab.post("/login/passkey/question/"),
    }

    @pytest.mark.parametrize("kind", BEGIN)
    def test_open_nothing_on_the_very_next_request(self, alice, kind):
        tab = browser()
        self.BEGIN[kind](tab)
        rows = everywhere(alice)
        stop(alice)
        before = traces(alice)
        assert refused_everywhere(cookies_of(tab), rows) == {}
        assert traces(alice) == before


class TestTheToken:
    """``api_token(user)`` issues one and gives its text."""

    def test_opens_no_operation_on_the_very_next_request(self, alice, api_token):
        bearer = {"Authorization": f"Bearer {api_token(alice)}"}
        rows = {name: row for name, row in everywhere(alice).items() if row[0].startswith("/api/")}
        opened = {
            n for n, (path, _) in rows.items() if browser(**bearer).get(path).status_code < 300
        }
        to_all = {name for name, (path, _) in rows.items() if browser().get(path).status_code < 300}
        assert opened > to_all, "the token was worth something"
        issued = ApiToken.objects.filter(user=alice).count()
        assert stop(alice).counts["tokens"] == issued
        wrong = {}
        for name, (path, _demands) in rows.items():
            for method in ("get", "post", "delete"):
                held = seen(getattr(browser(**bearer), method)(path))
                if held != seen(getattr(browser(), method)(path)):
                    wrong[f"{method} {name}"] = held
        assert wrong == {}

    def test_opens_no_page_before_or_after(self, alice, api_token):
        bearer = {"Authorization": f"Bearer {api_token(alice)}"}
        rows = everywhere(alice)
        for _time in range(2):
            for name, (path, demands) in rows.items():
                if demands and not path.startswith("/api/"):
                    assert seen(browser(**bearer).get(path)) in REFUSED, name
            stop(alice)


class TestSomebodyNew:
    """Not activated yet, and stopped by staff."""

    def test_does_not_get_activated(self, nina, activation_code):
        stop(nina)
        answer = browser().post("/activate/", {"username": "nina", "code": activation_code})
        assert answer.status_code == 200
        User.objects.filter(pk=nina.pk).update(password=make_password(PASSWORD))
        answer = browser().post("/login/", {"username": "nina", "password": PASSWORD})
        assert answer.status_code == 200
        assert not Session.objects.exists()
