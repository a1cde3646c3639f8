"""Webhooks before a security officer."""

from datetime import timedelta

from django.utils import timezone

from accounts.origin import Origin
from accounts.outbox.hooks import rules, services
from accounts.outbox.hooks.models import Hook
from accounts.outbox.models import Channel, Message
from accounts.users.models import User
from portal.console import acting
from portal.console.acts.table import ACTS
from portal.console.hook_forms import NewHookForm
from tests.journeys.scenes.console import officer
from tests.journeys.scenes.scene import STAFF, Scene, submit
from tests.journeys.stage import Stage

WHY = {"reason": "The risk desk wants to know at once", "ticket": "SEC-77"}
ORIGIN = Origin(platform="console", actor="staff:uma")


def made(url: str = "https://hooks.broker.example/portal") -> Hook:
    return services.add(url=url, types=rules.TYPES[:3], origin=ORIGIN, **WHY).hook


def at(path: str):
    """Uma at ``path`` of an endpoint that took one event, lost one, and is tried with a third."""

    def way(stage: Stage) -> str:
        officer("/")(stage)
        hook = made()
        services.add_key(pk=hook.pk, origin=ORIGIN, **WHY)
        for _ in range(3):
            services.test(pk=hook.pk, origin=ORIGIN, **WHY)
        now = timezone.now()
        taken, lost, waiting = Message.objects.filter(channel=Channel.HOOK).order_by("created_at")
        past = {"tries": 1, "changed_at": now, "body": None}
        states = (
            (taken, {"status": "delivered", "answer": 204, "took_ms": 38} | past),
            (lost, {"status": "failed", "answer": 302, "took_ms": 51, "detail": "redirect"} | past),
            (
                waiting,
                {"tries": 2, "detail": "timeout", "took_ms": 5003}
                | {"retry_at": now + timedelta(hours=2), "not_before": now + timedelta(hours=2)},
            ),
        )
        for message, state in states:
            Message.objects.filter(pk=message.pk).update(**state)
        Hook.objects.update(failures=2, answered_at=now)
        return path.format(pk=hook.pk, message=taken.pk)

    return way


def listed(stage: Stage) -> str:
    officer("/")(stage)
    made()
    made("https://risk.broker.example/a/rather/long/way/to/say/where/events/go?tenant=portal-eu-1")
    Hook.objects.filter(pk=made("https://old.broker.example/").pk).update(off="gone")
    return "/console/webhooks/"


def waits(stage: Stage) -> str:
    """Uma reads what another officer asks for."""
    officer("/")(stage)
    form = NewHookForm(
        {"url": "https://hooks.broker.example/portal?tenant=eu", "session_ended": "on"}
        | {"account_frozen": "on"}
        | WHY
    )
    assert form.is_valid(), form.errors
    staff = stage.of_staff("olaf", "+14155550122", "security_officer")
    made = acting.ask(ACTS["hook_add"], user=None, form=form, staff=staff, origin=ORIGIN)
    return f"/console/approvals/{made.pk}/"


def unseen(stage: Stage) -> str:
    """Uma at an endpoint whose secret waits for her."""
    officer("/")(stage)
    uma = User.objects.get(username="uma")
    url = "https://hooks.broker.example/portal"
    found = services.add(url=url, types=rules.TYPES[:3], origin=ORIGIN, shown_to=uma.pk, **WHY)
    return f"/console/webhooks/{found.hook.pk}/"


SCENES = [
    Scene("console-hooks", "console:hooks", listed, STAFF),
    Scene("console-hooks-none", "console:hooks", officer("/console/webhooks/"), STAFF),
    Scene("console-hook-new", "console:hook_new", officer("/console/webhooks/new/"), STAFF),
    Scene(
        "console-hook-wrong",
        "console:hook_new",
        officer("/console/webhooks/new/"),
        STAFF,
        act=lambda page: submit(page, url="http://10.0.0.1/", reason="no", ticket="12"),
    ),
    Scene("console-hook", "console:hook", at("/console/webhooks/{pk}/"), STAFF),
    Scene(
        "console-hook-choose", "console:hook_act", at("/console/webhooks/{pk}/do/choose/"), STAFF
    ),
    Scene("console-hook-drop", "console:hook_act", at("/console/webhooks/{pk}/do/drop/"), STAFF),
    Scene(
        "console-hook-again",
        "console:hook_again",
        at("/console/webhooks/{pk}/again/{message}/"),
        STAFF,
    ),
    Scene("console-hook-waits", "console:approval", waits, STAFF),
    Scene("console-hook-unseen", "console:hook", unseen, STAFF),
    Scene(
        "console-hook-secret",
        "console:hook_secret",
        unseen,
        STAFF,
        act=lambda page: page.locator("form.hook-secret button").click(),
    ),
]
