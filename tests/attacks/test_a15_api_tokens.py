"""A15: what a stolen, forged, stale or overreaching token does, at every operation and address."""

import base64
import io
import logging
from collections.abc import Iterator
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from django.conf import settings as portal
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.api_tokens import calling, leaks, rules, services
from accounts.api_tokens.models import ApiToken, Call
from accounts.api_tokens.rules import LIVES, Scope, Why
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.client_accounts.models import Membership, Role
from accounts.freeze.models import How, Trading
from accounts.freeze.services import freeze
from accounts.origin import SYSTEM, Origin
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from accounts.users.models import User
from portal import logs
from tests.accounts.ip_restrictions.lists import restrict
from tests.attacks.test_freeze_matrix import REFUSED, everywhere, seen
from tests.attacks.tools import browser, twin
from tests.programs import ACCOUNT, DAY, OPERATIONS, TOKEN, call, fresh, issue

pytestmark = pytest.mark.django_db

LEAKS = "/api/v1/leaks"
ABROAD, HOME = "198.51.100.20", "203.0.113.7"
NAMES = [f"{method} {path}" for method, path, _scope in OPERATIONS]


def code_and_why(answer: HttpResponse) -> tuple[int, str]:
    return answer.status_code, answer.json().get("reason", "")


def refused_everywhere(text: str, why: Why, address: str = "127.0.0.1") -> None:
    for method, path, _scope in OPERATIONS:
        got = code_and_why(call(text, path, method, address))
        assert got == (why.status, why.value), f"{method} {path}"


def report(*texts: str) -> HttpResponse:
    return browser().post(LEAKS, {"tokens": list(texts)}, content_type="application/json")


class TestTheWeb:
    def test_no_address_knows_anybody_by_a_token(self, alice):
        bearer = {"Authorization": f"Bearer {issue(alice).text}"}
        rows, wrong = everywhere(alice), {}
        sessions = Session.objects.count()
        for name, (path, demands) in rows.items():
            if path.startswith("/api/"):
                continue
            for method in ("get", "post"):
                held = getattr(browser(**bearer), method)(path)
                nothing = getattr(browser(), method)(path)
                known = held.wsgi_request.user.is_authenticated
                if known or seen(held) != seen(nothing) or (demands and seen(held) not in REFUSED):
                    wrong[f"{method} {name}"] = seen(held)
        assert wrong == {}
        assert Session.objects.count() == sessions

    @pytest.mark.parametrize(("method", "path", "scope"), OPERATIONS, ids=NAMES)
    def test_no_session_opens_an_operation(self, client, alice, sign_in, method, path, scope):
        tab = sign_in(client, alice)
        answer = twin(tab).generic(method, path)
        assert answer.status_code == 401
        alice.refresh_from_db()
        assert alice.frozen_at is None
        assert alice.automation_stopped_at is None

    def test_the_two_together_are_worth_the_token_alone(self, client, alice, bob, sign_in):
        tab = sign_in(client, alice)
        issued = issue(bob)
        answer = tab.get(ACCOUNT, headers={"Authorization": f"Bearer {issued.text}"})
        assert [one["number"] for one in answer.json()["accounts"]] == ["U1000002"]

    def test_what_a_token_does_is_not_written_down_as_done_in_a_session(
        self, client, alice, bob, sign_in
    ):
        """A thief's token in the browser of somebody else: their session is not blamed."""
        tab = sign_in(client, alice)
        headers = {"Authorization": f"Bearer {issue(bob).text}"}
        assert tab.post("/api/v1/automation/stop", headers=headers).status_code == 200
        entry = Entry.objects.get(user=bob, event=Event.AUTOMATION_STOPPED)
        assert (entry.origin["session"], entry.origin["platform"]) == ("", "api")

    def test_a_token_lifts_no_protection_of_forms(self, client, alice, sign_in):
        text = issue(alice).text
        secure = Client(enforce_csrf_checks=True)
        secure.cookies = sign_in(client, alice).cookies
        for path in ("/settings/trading/tokens/stop/", "/settings/trading/tokens/new/"):
            answer = secure.post(path, headers={"Authorization": f"Bearer {text}"})
            assert answer.status_code == 403
        alice.refresh_from_db()
        assert alice.automation_stopped_at is None

    def test_no_operation_leaves_a_cookie(self, alice):
        text = issue(alice, scopes=[Scope.ACCOUNT]).text
        for method, path, _scope in OPERATIONS:
            assert not call(text, path, method).cookies


class TestScopes:
    @pytest.mark.parametrize("held", Scope)
    def test_each_opens_what_is_marked_with_it_and_nothing_else(self, alice, held):
        """The token's own description asks for no scope."""
        text = issue(alice, scopes=[held]).text
        # What stops the token comes last.
        ordered = sorted(OPERATIONS, key=lambda one: one[2] == held)
        for method, path, scope in ordered:
            answer = call(text, path, method)
            if scope in (None, held):
                assert answer.status_code == 200, path
            else:
                assert code_and_why(answer) == (403, "scope"), path

    def test_without_any_it_describes_itself_alone(self, alice):
        text = issue(alice, scopes=[]).text
        opened = [
            path for method, path, _ in OPERATIONS if call(text, path, method).status_code < 400
        ]
        assert opened == [TOKEN]

    def test_each_is_asked_for_somewhere(self):
        assert {scope for *_rest, scope in OPERATIONS} == {None, *Scope}

    def test_nothing_that_is_refused_happens(self, alice):
        text = issue(alice, scopes=rules.READING).text
        for path in ("/api/v1/freeze", "/api/v1/automation/stop"):
            assert call(text, path, "POST").status_code == 403
        alice.refresh_from_db()
        assert (alice.frozen_at, alice.automation_stopped_at) == (None, None)

    def test_a_narrowed_token_has_lost_it_at_the_next_call(self, alice):
        issued = issue(alice)
        assert call(issued.text, ACCOUNT).status_code == 200
        services.narrow(row=issued.row, origin=SYSTEM)
        assert call(issued.text, ACCOUNT).status_code == 200
        assert code_and_why(call(issued.text, "/api/v1/activity")) == (403, "scope")

    def test_no_operation_issues_or_renews_a_token(self, alice, bob):
        issue(bob)
        text = issue(alice).text
        before = list(ApiToken.objects.values_list("public", flat=True).order_by("pk"))
        for method, path, _scope in OPERATIONS:
            call(text, path, method)
        assert list(ApiToken.objects.values_list("public", flat=True).order_by("pk")) == before


def forged(text: str) -> dict[str, str]:
    """Texts that are nearly the token."""
    head, public, secret = text[:4], text[4:14], text[15:47]
    other_secret = ("A" if secret[0] != "A" else "B") + secret[1:]
    other_id = ("A" if public[0] != "A" else "B") + public[1:]
    bodies = {
        "another secret": f"{head}{public}_{other_secret}",
        "another id": f"{head}{other_id}_{secret}",
        "an empty secret": f"{head}{public}_",
        "secret all zero": f"{head}{public}_{'0' * 32}",
    }
    return {name: body + rules._checksum(body) for name, body in bodies.items()} | {
        "altered checksum": text[:-1] + ("A" if text[-1] != "A" else "B"),
        "altered secret": text[:20] + ("A" if text[20] != "A" else "B") + text[21:],
        "truncated": text[:-1],
        "without checksum": text[: -rules.CHECK],
        "longer": text + "A",
        "twice": text + text,
        "upper-cased": text.upper(),
        "lower-cased": text.lower(),
        "id alone": text[:14],
        "stored hash": f"{head}{public}_{rules._digest(secret)[:32]}",
        "wildcard": f"{head}%_{secret}",
        "full width": text.replace("cpt", "cpt\uff3f"),
        "empty": "",
    }


class TestForged:
    def test_every_refusal_of_an_unknown_token_is_alike(self, alice):
        text = issue(alice).text
        nothing = call(f"{rules.make()[0]}")
        assert code_and_why(nothing) == (401, "unknown")
        well_formed = {"another secret", "another id", "secret all zero", "altered checksum"}
        for name, other in forged(text).items():
            if other == text or not other.isascii() or not other:
                continue
            answer = call(other)
            assert answer.status_code == 401, name
            assert answer.content == nothing.content, name
            assert answer["WWW-Authenticate"] == nothing["WWW-Authenticate"], name
        assert well_formed <= forged(text).keys()
        assert not Call.objects.exists()

    def test_spaces_and_other_signs_are_no_token(self, alice):
        text = issue(alice).text
        header = {
            f"Bearer {text} ": 200,  # the end of a field is trimmed by HTTP itself
            f"Bearer {text} x": 401,
            f"Bearer {text[:20]} {text[20:]}": 401,
            f"Bearer\t{text}": 401,
            f"Bearer {text},Bearer {text}": 401,
            f"Bearer {text}\u00a0": 401,
            f"Bearer{text}": 401,
            text: 401,
            f"Token {text}": 401,
            f"Basic {base64.b64encode(f'alice:{text}'.encode()).decode()}": 401,
            f"Basic {base64.b64encode(f'{text}:'.encode()).decode()}": 401,
        }
        for value, status in header.items():
            if status == 401:
                assert browser(Authorization=value).get(ACCOUNT).status_code == 401, value[:12]

    def test_elsewhere_than_in_the_header_it_is_worth_nothing(self, alice):
        text = issue(alice).text
        tab = browser()
        tab.cookies = SimpleCookie({"token": text, "sessionid": text, "Authorization": text})
        for method, path, _scope in OPERATIONS:
            assert tab.generic(method, path).status_code == 401
            for name in ("access_token", "token", "Authorization"):
                asked = browser().generic(method, path, QUERY_STRING=f"{name}={text}")
                assert asked.status_code == 400, "it stands in an address"
                body = browser().generic(
                    method, path, f"{name}={text}", "application/x-www-form-urlencoded"
                )
                assert body.status_code == 401
        for name in ("X-Api-Key", "X-Auth-Token", "Proxy-Authorization", "X-Authorization"):
            assert browser(**{name: f"Bearer {text}"}).get(ACCOUNT).status_code == 401

    def test_an_address_that_names_one_is_refused_with_a_good_one_too(self, alice):
        text = issue(alice).text
        answer = call(text, f"{ACCOUNT}?token={text}")
        assert answer.status_code == 400
        assert text not in answer.content.decode()

    def test_guesses_are_counted_and_stopped(self, alice, monkeypatch):
        monkeypatch.setitem(calling.limits.RATES, "calls_per_address", lambda: "5/m")
        good = issue(alice).text
        got = [call(rules.make()[0], address=ABROAD).status_code for _ in range(7)]
        assert got == [401] * 5 + [429] * 2
        stopped = call(good, address=ABROAD)
        assert stopped.status_code == 429
        assert int(stopped["Retry-After"]) > 0
        assert call(good, address=HOME).status_code == 200

    def test_guesses_without_a_token_are_counted_too(self, monkeypatch):
        monkeypatch.setitem(calling.limits.RATES, "calls_per_address", lambda: "2/m")
        assert [browser().get(ACCOUNT).status_code for _ in range(3)] == [401, 401, 429]

    def test_a_guess_costs_the_same_statements_whether_the_id_exists(self, alice, counted_queries):
        found = forged(issue(alice).text)
        for name in ("another secret", "another id"):
            with counted_queries(1):
                calling.admit(found[name], scope=Scope.ACCOUNT, origin=SYSTEM)
        with counted_queries(0):
            calling.admit(found["altered checksum"], scope=Scope.ACCOUNT, origin=SYSTEM)


class TestOver:
    def test_revoked(self, alice):
        issued = issue(alice)
        services.revoke(row=issued.row, why="owner", origin=SYSTEM)
        refused_everywhere(issued.text, Why.REVOKED)

    def test_ended_to_the_second(self, alice, clock):
        issued = issue(alice)
        clock.move_to(issued.row.expires_at - timedelta(seconds=1), tick=False)
        assert call(issued.text).status_code == 200
        clock.move_to(issued.row.expires_at, tick=False)
        refused_everywhere(issued.text, Why.ENDED)

    def test_the_secret_before_a_renewal(self, alice):
        old = issue(alice)
        new = services.renew(row=old.row, origin=SYSTEM)
        refused_everywhere(old.text, Why.UNKNOWN)
        assert call(new.text).status_code == 200

    def test_the_id_of_one_with_the_secret_of_another(self, alice, bob):
        mine, theirs = issue(alice).text, issue(bob).text
        body = theirs[:15] + mine[15:47]
        refused_everywhere(body + rules._checksum(body), Why.UNKNOWN)

    def test_leaked(self, alice):
        issued = issue(alice)
        assert report(issued.text).status_code == 202
        refused_everywhere(issued.text, Why.REVOKED)

    def test_frozen(self, alice):
        issued = issue(alice)
        freeze(user_id=alice.pk, origin=SYSTEM, how=How.LINK, trading=Trading.NOTHING)
        refused_everywhere(issued.text, Why.REVOKED)

    def test_frozen_without_having_been_revoked(self, alice):
        """Whatever else failed on the way: the mark on the owner is enough."""
        issued = issue(alice)
        User.objects.filter(pk=alice.pk).update(frozen_at=timezone.now())
        refused_everywhere(issued.text, Why.OWNER)

    def test_owner_disabled(self, alice):
        """CVE-2025-65430: ``is_active=False`` left issued tokens good."""
        issued = issue(alice)
        assert call(issued.text).status_code == 200
        User.objects.filter(pk=alice.pk).update(is_active=False)
        refused_everywhere(issued.text, Why.OWNER)

    def test_switched_off(self, alice):
        issued = issue(alice)
        services.stop_automation(user_id=alice.pk, origin=SYSTEM)
        refused_everywhere(issued.text, Why.STOPPED)
        services.resume_automation(user_id=alice.pk, origin=SYSTEM)
        assert call(issued.text).status_code == 200

    def test_handle_let_go(self, client, alice, sign_in, clock):
        sign_in(client, alice)
        issued = issue(alice, life=LIVES["90d"])
        services.set_handle(user_id=alice.pk, days=7, origin=SYSTEM)
        assert call(issued.text).status_code == 200
        clock.shift(timedelta(days=7, seconds=1))
        refused_everywhere(issued.text, Why.STOPPED)

    def test_owner_removed_from_every_account(self, alice):
        issued = issue(alice, scopes=rules.READING)
        Membership.objects.filter(user=alice).delete()
        for method, path, scope in OPERATIONS:
            if scope in rules.READING:
                assert code_and_why(call(issued.text, path, method)) == (403, "role")

    def test_removed_trader_and_what_is_left(self, carol):
        issued = issue(carol, scopes=rules.READING)
        accounts = call(issued.text).json()["accounts"]
        assert [one["role"] for one in accounts] == [Role.TRADER]
        assert "manage_users" not in accounts[0]["rights"]
        Membership.objects.filter(user=carol).delete()
        assert code_and_why(call(issued.text)) == (403, "role")

    @pytest.mark.parametrize("role", Role)
    def test_the_role_is_that_of_this_moment(self, alice, role):
        issued = issue(alice, scopes=rules.READING)
        Membership.objects.filter(user=alice).update(role=role)
        answer = call(issued.text)
        if role in calling._SEES:
            assert [one["role"] for one in answer.json()["accounts"]] == [role]
        else:
            assert code_and_why(answer) == (403, "role")


class TestElsewhere:
    def test_by_the_networks_of_the_token(self, alice):
        issued = issue(alice, networks=["203.0.113.0/24"])
        assert call(issued.text, address=HOME).status_code == 200
        refused_everywhere(issued.text, Why.NETWORK, ABROAD)

    @pytest.mark.parametrize("spelt", ["::ffff:203.0.113.7", "203.0.113.7"])
    def test_the_spelling_of_the_address_does_not_matter(self, alice, spelt):
        issued = issue(alice, networks=[HOME])
        assert call(issued.text, address=spelt).status_code == 200

    def test_a_network_that_cannot_be_read_lets_nobody_in(self, alice):
        refused_everywhere(issue(alice, networks=["nonsense"]).text, Why.NETWORK, HOME)

    def test_a_header_names_no_other_address(self, alice):
        issued = issue(alice, networks=[HOME])
        tab = Client(REMOTE_ADDR=ABROAD)
        headers = {"Authorization": f"Bearer {issued.text}", "X-Forwarded-For": HOME}
        assert tab.get(ACCOUNT, headers=headers).status_code == 403

    def test_by_the_restrictions_of_the_owner(self, alice):
        issued = issue(alice)
        restrict(alice, HOME)
        assert call(issued.text, address=HOME).status_code == 200
        refused_everywhere(issued.text, Why.NETWORK, ABROAD)

    def test_both_are_asked(self, alice):
        issued = issue(alice, networks=[ABROAD])
        restrict(alice, HOME)
        for address in (HOME, ABROAD):
            refused_everywhere(issued.text, Why.NETWORK, address)

    def test_the_emergency_door_opens_no_network_of_a_token(self, alice):
        issued = issue(alice, networks=[HOME])
        restrict(alice, HOME)
        later = timezone.now() + timedelta(minutes=10)
        User.objects.filter(pk=alice.pk).update(door_until=later, door_address=ABROAD)
        refused_everywhere(issued.text, Why.NETWORK, ABROAD)
        refused_everywhere(issued.text, Why.NETWORK, "192.0.2.9")
        assert call(issued.text, address=HOME).status_code == 200


states = st.fixed_dictionaries(
    {
        "scopes": st.sets(st.sampled_from(Scope)),
        "used": st.sets(st.sampled_from(Scope)),
        "networks": st.sets(st.sampled_from([HOME, ABROAD, "10.0.0.0/8"])),
        "life": st.sampled_from([*LIVES.values()]),
        "age": st.floats(0, 1.2),
        "revoked": st.booleans(),
        "times": st.integers(1, 4),
        "narrow": st.booleans(),
    }
)


class TestRenewal:
    @given(states)
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_never_widens(self, alice, state):
        row = issue(
            alice, scopes=state["scopes"], life=state["life"], networks=sorted(state["networks"])
        ).row
        back = state["life"] * state["age"]
        row.created_at, row.expires_at = row.created_at - back, row.expires_at - back
        row.used_scopes = sorted(state["used"] & state["scopes"])
        row.revoked_at = timezone.now() if state["revoked"] else None
        row.save()
        before = fresh(row)
        was_live = before.is_live(timezone.now())
        if state["narrow"]:
            services.narrow(row=fresh(row), origin=SYSTEM)
        for _ in range(state["times"]):
            issued = services.renew(row=fresh(row), origin=SYSTEM)
            assert (issued is not None) == was_live
        after = fresh(row)
        now = timezone.now()
        assert set(after.scopes) <= set(before.scopes)
        assert after.networks == before.networks
        assert after.revoked_at == before.revoked_at
        assert after.expires_at - after.created_at == before.expires_at - before.created_at
        assert after.expires_at <= now + state["life"]
        assert after.user_id == alice.pk
        ApiToken.objects.all().delete()


class TestLeaks:
    def test_the_answer_is_the_same_for_good_bad_foreign_and_twice(self, alice, bob):
        good, foreign = issue(alice).text, issue(bob).text
        bad = rules.make()[0]
        answers = [report(one) for one in (good, bad, foreign, good, "x", f"key={bad};")]
        assert {one.status_code for one in answers} == {202}
        assert len({one.content for one in answers}) == 1
        assert Entry.objects.filter(event=Event.API_TOKEN_LEAKED).count() == 2

    def test_a_right_id_with_a_wrong_secret_revokes_nothing(self, alice):
        issued = issue(alice)
        for other in forged(issued.text).values():
            if other not in (issued.text, issued.text + "A", issued.text * 2):
                report(other or "x")
        assert fresh(issued.row).revoked_at is None

    def test_what_is_mistyped_costs_no_query(self, alice, counted_queries):
        found = forged(issue(alice).text)
        with counted_queries(0):
            leaks.report([found["altered checksum"], found["truncated"], "x"], origin=SYSTEM)

    def test_the_owner_hears_of_it_with_the_last_calls(self, alice):
        issued = issue(alice)
        call(issued.text, address=HOME)
        Message.objects.all().delete()
        report(f"export TOKEN='{issued.text}'  # ours")
        assert fresh(issued.row).revoked_why == "leaked"
        told = Entry.objects.get(user=alice, event=Event.API_TOKEN_LEAKED).detail
        assert len(told["calls"]) == 1
        assert "GET /account" in told["calls"][0]
        assert HOME in told["calls"][0]
        assert Message.objects.filter(user=alice, name="api_token").exists()

    def test_reports_are_counted(self, monkeypatch):
        monkeypatch.setitem(calling.limits.RATES, "leaks_per_address", lambda: "2/m")
        assert [report("x").status_code for _ in range(3)] == [202, 202, 429]

    def test_a_report_asks_for_a_few_rows_at_most(self, alice, counted_queries):
        made = [rules.make()[0] for _ in range(60)]
        with counted_queries(most=leaks.MOST):
            assert report(" ".join(made)).status_code == 202


def rows() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield table, " ".join(map(str, row))


class TestCanary:
    def test_no_secret_is_written_anywhere(self, alice):
        """Calls that succeed, are refused and fail, a renewal, a report; then all rows and logs."""
        root = logging.getLogger()
        kept, level = root.handlers[:], root.level
        logs.configure(logs.configuration(level="DEBUG", form="json"))
        stream, raw = io.StringIO(), []
        root.handlers[0].setStream(stream)

        class Raw(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                raw.append(f"{record.getMessage()} {record.exc_text or ''}")

        root.addHandler(Raw())
        try:
            issued = issue(alice, scopes=rules.READING)
            answers = [call(issued.text, path, method) for method, path, _ in OPERATIONS]
            answers.append(call(issued.text, f"{ACCOUNT}?token=cpt_"))
            answers.append(call(issued.text, "/api/v1/activity?before=x"))
            answers.append(call(issued.text[:-1]))
            renewed = services.renew(row=issued.row, origin=SYSTEM)
            answers.append(call(renewed.text))
            answers.append(report(renewed.text))
        finally:
            logs.configure(portal.LOGGING)
            root.handlers[:] = kept
            root.setLevel(level)
        secrets = [one.text[15:47] for one in (issued, renewed)]
        everything = [*rows(), *(("log", line) for line in raw), ("log", stream.getvalue())]
        everything += [("answer", answer.content.decode()) for answer in answers]
        assert [place for place, text in everything if any(one in text for one in secrets)] == []
        assert any(place == "accounts_call" or "call" in place for place, _text in everything)
        assert audit.verify(alice) is None

    def test_what_is_stored_of_a_secret_is_its_hash(self, alice):
        issued = issue(alice)
        stored = str(ApiToken.objects.filter(pk=issued.row.pk).values().get())
        assert issued.text[15:47] not in stored
        assert issued.row.digest == rules.read(issued.text).digest


def test_a_call_by_a_foreign_token_reads_what_is_its_owners(alice, bob):
    origin = Origin(address=HOME)
    assert calling.admit(issue(bob).text, scope=Scope.ACCOUNT, origin=origin).row.user_id == bob.pk
    text = issue(bob, life=DAY).text
    services.stop_automation(user_id=alice.pk, origin=SYSTEM)
    assert call(text).status_code == 200
    told = call(text, "/api/v1/activity").json()["entries"]
    assert len(told) == Entry.objects.filter(user=bob).count()
