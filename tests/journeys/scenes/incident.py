"""The way back after a freeze."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from accounts.contacts import services as contacts
from accounts.freeze import services as freezes
from accounts.freeze.models import How, Trading
from accounts.origin import Origin
from accounts.users.models import User
from sls.incident import services
from sls.incident.rules import Stage as Step
from tests import cast
from tests.journeys.scenes.freeze import password
from tests.journeys.scenes.scene import CLIENT, Scene, at, submit
from tests.journeys.stage import FIREFOX, Stage
from tests.sls.incident import ways

HERE = Origin(address="203.0.113.7", agent=FIREFOX)
LONG_AGO = timedelta(days=400)


def frozen(stage: Stage, *, app: bool = True) -> User:
    """Everything is stopped for Alice, who holds an app and printed codes unless ``app`` is not."""
    user = stage.alice()
    if app:
        cast.app_device(user, "Work phone", at=user.activated_at)
        cast.code_set(user)
    freezes.freeze(user_id=user.pk, origin=HERE, how=How.LINK, trading=Trading.CLOSE_ONLY)
    user.refresh_from_db()
    return user


def start(stage: Stage) -> str:
    frozen(stage)
    return "/frozen/"


def telephone_only(stage: Stage) -> str:
    frozen(stage, app=False)
    return "/frozen/"


def app_page(stage: Stage) -> str:
    """The password was right; the app is asked."""
    frozen(stage)
    return stage.post("/frozen/", username="alice", password=cast.PASSWORD)


def on(step: Step, path: str = "") -> Callable[[Stage], str]:
    """Alice at a page of the way, everything before it done; a second address is hers, a third one
    was taken off by somebody."""

    def way(stage: Stage) -> str:
        user = frozen(stage)
        ways.second(user, timezone.now() - LONG_AGO)
        ways.enter(stage.client)
        ways.go(stage.client, user, step)
        gone = user.emailaddresss.get(address="other@example.com")
        contacts.remove(contact=gone, origin=HERE)
        return path or f"/frozen/{step}/"

    return way


def enrolling(method: str) -> Callable[[Stage], str]:
    """A new authenticator is set up."""

    def way(stage: Stage) -> str:
        on(Step.FACTORS)(stage)
        return stage.post(f"/frozen/add/{method}/")

    return way


def asked(stage: Stage) -> str:
    """The thaw is asked for."""
    page = on(Step.THAW)(stage)
    ways.ask(stage.client)
    return page


def written(stage: Stage) -> str:
    """What was written about the freeze."""
    on(Step.THAW)(stage)
    made = freezes.live(User.objects.get(username="alice").pk)
    return stage.post(f"/cases/{made.reference}/", text="I have my telephone back.")


def done(stage: Stage) -> str:
    """The freeze is over, and Alice is signed in."""
    asked(stage)
    made = freezes.live(User.objects.get(username="alice").pk)
    made.thaw_asked_at -= timedelta(hours=25)
    made.save()
    services.thaw_due()
    stage.an_hour_later()
    page = cast.begin(stage.client, password=ways.NEW)
    user = User.objects.get(username="alice")
    phone = user.phonenumbers.get(primary=True).devices.get()
    stage.post(f"{page}method/", device=phone.persistent_id)
    stage.post(f"{page}answer/", code=cast.code_for(user))
    return "/frozen/receipt/"


WRONG = {"username": "alice", "password": "not the one"}

SCENES = [
    Scene("frozen", "frozen", at("/frozen/")),
    Scene("frozen-wrong", "frozen", start, act=lambda page: submit(page, **WRONG)),
    Scene("frozen-call", "frozen", telephone_only, act=password),
    Scene("frozen-app", "login_attempt", app_page),
    Scene("incident-password", "incident_password", on(Step.PASSWORD), CLIENT),
    Scene(
        "incident-password-refused",
        "incident_password",
        on(Step.PASSWORD),
        CLIENT,
        act=lambda page: submit(page, password="password"),
    ),
    Scene(
        "incident-password-done",
        "incident_password",
        on(Step.FACTORS, "/frozen/password/"),
        CLIENT,
    ),
    Scene("incident-factors", "incident_factors", on(Step.FACTORS), CLIENT),
    Scene("incident-factors-empty", "incident_factors", on(Step.FACTORS), CLIENT, act=submit),
    Scene("incident-passkey", "incident_enrol", enrolling("passkey"), CLIENT),
    Scene("incident-new-app", "incident_enrol", enrolling("authenticator_app"), CLIENT),
    Scene("incident-contacts", "incident_contacts", on(Step.CONTACTS), CLIENT),
    Scene("incident-contacts-empty", "incident_contacts", on(Step.CONTACTS), CLIENT, act=submit),
    Scene("incident-questions", "incident_questions", on(Step.QUESTIONS), CLIENT),
    Scene("incident-questions-empty", "incident_questions", on(Step.QUESTIONS), CLIENT, act=submit),
    Scene("incident-gaps", "incident_gaps", on(Step.GAPS), CLIENT),
    Scene("incident-thaw", "incident_thaw", on(Step.THAW), CLIENT),
    Scene("incident-asked", "incident_thaw", asked, CLIENT),
    Scene("incident-receipt", "incident_receipt", on(Step.THAW, "/frozen/receipt/"), CLIENT),
    Scene("incident-case", "case", written, CLIENT),
    Scene("incident-receipt-after", "incident_receipt", done, CLIENT),
]
