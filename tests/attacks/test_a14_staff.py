"""A14: nobody of staff becomes more than they are, or a client (CVE rows 12, 25)."""

import ast
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.api_tokens.models import ApiToken
from accounts.approvals.models import Request, State
from accounts.cases import services as cases
from accounts.cases.models import Kind
from accounts.contacts.models import EmailAddress
from accounts.ip_restrictions.models import Restriction
from accounts.origin import Origin
from accounts.sessions.models import KnownDevice, Session
from accounts.users.models import User
from portal.console.rules import Role
from sls.methods.authenticator_app.models import AppDevice
from tests.attacks import ids
from tests.cast import PASSWORD, begin, member_of_staff
from tests.portal.console.conftest import agent, lead, officer, signed_in

__all__ = ["agent", "lead", "officer"]
pytestmark = pytest.mark.django_db
WHY = {"reason": "Called back and identified", "ticket": "SUP-7"}
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"


def test_a_password_alone_opens_no_console(sam):
    client = Client()
    begin(client, "sam", password=PASSWORD)
    for path in ("/console/", "/console/clients/", "/console/rows/case/", "/console/approvals/"):
        assert client.get(path)["Location"].startswith("/login/"), path


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/console/login/", "/console/add/"])
def test_there_is_no_other_door(officer, path):
    assert officer.get(path).status_code == 404
    assert Client().get(path).status_code in (302, 404)


def test_what_is_posted_besides_changes_nothing(officer, sam):
    more = {"is_superuser": "on", "is_staff": "on", "username": "root", "superuser": "on"}
    officer.post("/console/staff/sam/roles/", WHY | more | {"support_lead": "on"})
    asked = Request.objects.get(user=sam)
    assert asked.values == {"roles": ["support_lead"]}
    sam.refresh_from_db()
    assert (sam.is_superuser, sam.username) == (False, "sam")


def test_an_agent_changes_no_roles_and_no_officer_their_own(agent, officer, uma, sam):
    assert agent.post("/console/staff/sam/roles/", WHY | {"support_lead": "on"}).status_code == 403
    assert officer.post("/console/staff/uma/roles/", WHY).status_code == 404
    assert not Request.objects.exists()


def test_staff_get_no_acts_of_clients(lead, sam, uma):
    for code in ("passcode", "unlock", "revoke", "contact"):
        assert lead.post(f"/console/clients/sam/do/{code}/", WHY).status_code == 404, code


def test_a_second_user_name_of_the_asker_does_not_approve(agent, alice, sam):
    User.objects.filter(pk=sam.pk).update(person="P-1")
    twin = member_of_staff("sam.two", "+14155550198", Role.OFFICER)
    User.objects.filter(pk=twin.pk).update(person="P-1")
    agent.post("/console/clients/alice/do/contact/", WHY | {"kind": "email", "value": "n@x.io"})
    asked = Request.objects.get(user=alice)
    signed_in(twin).post(
        f"/console/approvals/{asked.pk}/", {"decision": "approve", "why": "It is fine, I think"}
    )
    asked.refresh_from_db()
    assert asked.state == State.OPEN


def test_the_same_decision_twice_acts_once(agent, lead, alice):
    agent.post("/console/clients/alice/do/contact/", WHY | {"kind": "email", "value": "n@x.io"})
    asked = Request.objects.get(user=alice)
    fields = {"decision": "approve", "why": "Called the client back"}
    for _ in range(2):
        lead.post(f"/console/approvals/{asked.pk}/", fields)
    assert EmailAddress.objects.filter(user=alice, address="n@x.io").count() == 1


def test_a_token_of_a_client_opens_nothing_of_staff(alice):
    token = ids.api_token(alice)
    page = Client(headers={"Authorization": f"Bearer {token.text}"}).get("/console/clients/")
    assert page.status_code in (302, 401, 404)


def test_nobody_becomes_a_client(officer, alice):
    for path in ("/", "/settings/", "/activity/", "/settings/security/sls/"):
        page = officer.get(path)
        assert page.status_code in (302, 404) or b"Alice" not in page.content, path


def test_rights_taken_away_are_gone_at_the_next_page(agent, sam, alice):
    assert agent.get("/console/clients/alice/").status_code == 200
    sam.groups.clear()
    assert agent.get("/console/clients/alice/").status_code == 403


def test_what_a_client_wrote_is_text_to_staff(alice, sam):
    """Stored XSS in every field that a client, or whoever reports something, can fill."""
    sam.groups.set([Group.objects.get_or_create(name=role.value)[0] for role in Role])
    staff = signed_in(sam)
    ids.furnish(alice)
    User.objects.filter(pk=alice.pk).update(name=EVIL[:120])
    for model, field in _written():
        most = model._meta.get_field(field).max_length or len(EVIL)
        model.objects.update(**{field: EVIL[:most]})
    case = cases.open(user=alice, kind=Kind.CALL, origin=Origin(agent=EVIL), text=EVIL)
    pages = [
        *("/console/", "/console/clients/?q=script", "/console/cases/", "/console/trail/"),
        *(f"/console/clients/alice/{part}" for part in ("", "seen/", "talk/")),
        f"/console/cases/{case.reference}/",
        *(reverse(f"console:{name}") for name in ("transactions", "talks", "desk", "cards")),
    ]
    for path in pages:
        page = staff.get(path)
        assert page.status_code == 200, path
        text = page.content.decode()
        assert "<script>alert" not in text, path
        assert "onerror=alert" not in text.replace("&lt;img src=x onerror=alert", ""), path


def _written() -> list[tuple[type, str]]:
    return [
        (Restriction, "label"),
        (ApiToken, "name"),
        (AppDevice, "name"),
        (Session, "agent"),
        (KnownDevice, "agent"),
    ]


def test_no_page_of_staff_runs_what_staff_write():
    """CVE-2026-25227: what staff type is text, in every place, and never a program."""
    called = {
        node.func.id
        for path in Path("portal/console").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"eval", "exec", "compile", "Template", "__import__", "mark_safe"}
    templates = Path("templates/console").rglob("*.html")
    assert not [path for path in templates if "|safe" in path.read_text(encoding="utf-8")]
