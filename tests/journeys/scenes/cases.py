"""Reports of what is suspicious, staying safe, and the recovery kit."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page

from accounts.cases import services
from accounts.cases.models import Case, Kind
from accounts.origin import SYSTEM, Origin
from accounts.users.models import User
from portal.recovery_kit import facts, rules, tokens
from tests import cast
from tests.journeys.scenes.scene import CLIENT, STAFF, Scene, at, signed_in, staff, submit
from tests.journeys.stage import Stage

HERE = Origin(address="203.0.113.7")
TEXT = (
    "An e-mail in your name says that my account is closed tomorrow unless I sign in at\n"
    "https://portal-example.test/ and confirm my card number. I did not click."
)


def opened(user: User | None) -> Case:
    return services.open(user=user, kind=Kind.EMAIL, origin=HERE, text=TEXT)


def answered(stage: Stage, *, closed: bool = False) -> Case:
    """Alice is signed in; her report was answered, and closed where that is wanted."""
    user = stage.alice()
    stage.sign_in(user)
    case, sam = opened(user), stage.sam()
    said = "Thank you. When did it arrive?\nPlease do not delete it yet."
    services.answer(case=case, staff=sam, origin=SYSTEM, text=said, waits=True)
    if closed:
        services.write(case=case, text="Yesterday evening, at ten.")
        reason = "Forged in our name. The site was reported and is gone."
        services.close(case=case, staff=sam, origin=SYSTEM, reason=reason)
    return case


def several(stage: Stage) -> str:
    answered(stage, closed=True)
    user = User.objects.get(username="alice")
    for kind in (Kind.CALL, Kind.SIGN_IN):
        services.open(user=user, kind=kind, origin=HERE, text="Something")
    return "/cases/"


def case_page(*, closed: bool = False):
    def way(stage: Stage) -> str:
        return f"/cases/{answered(stage, closed=closed).reference}/"

    return way


def reported(page: Page) -> None:
    page.locator("input[value=email]").check()
    submit(page, text=TEXT)


def at_the_desk(*, one: bool = False):
    """Sam at the console, with reports before him."""

    def way(stage: Stage) -> str:
        path = staff("/console/cases/")(stage)
        case = opened(stage.alice())
        opened(None)
        return f"{path}{case.reference}/" if one else path

    return way


def nobodys(stage: Stage) -> str:
    path = staff("/console/cases/")(stage)
    return f"{path}{opened(None).reference}/"


def kit(stage: Stage) -> str:
    user = stage.alice()
    stage.sign_in(user)
    cast.app_device(user)
    cast.code_set(user)
    return "/kit/"


def printed(*, stale: bool, owner: bool):
    """The page that a printed kit leads to."""

    def way(stage: Stage) -> str:
        user = stage.alice()
        if owner:
            stage.sign_in(user)
        packed = rules.pack(facts.marks(user, facts.of(user)))
        path = f"/kit/{tokens.token(user, timezone.now() - timedelta(days=40), packed)}/"
        if stale:
            cast.app_device(user)
            cast.code_set(user)
        return path

    return way


SCENES = [
    Scene("report", "report", at("/report/")),
    Scene("report-signed-in", "report", signed_in("/report/?kind=call"), CLIENT),
    Scene("report-wrong", "report", at("/report/"), act=lambda page: submit(page, text="")),
    Scene("report-done", "report", at("/report/"), act=reported),
    Scene("cases", "cases", several, CLIENT),
    Scene("cases-none", "cases", signed_in("/cases/"), CLIENT),
    Scene("case", "case", case_page(), CLIENT),
    Scene("case-closed", "case", case_page(closed=True), CLIENT),
    Scene("console-cases", "console:cases", at_the_desk(), STAFF),
    Scene("console-cases-none", "console:cases", staff("/console/cases/"), STAFF),
    Scene("console-case", "console:case", at_the_desk(one=True), STAFF),
    Scene("console-case-nobodys", "console:case", nobodys, STAFF),
    Scene("safety", "safety", at("/help/safety/")),
    Scene("safety-signed-in", "safety", signed_in("/help/safety/"), CLIENT),
    Scene("recovery-kit", "recovery_kit", kit, CLIENT),
    Scene("kit-current", "kit_current", printed(stale=False, owner=False)),
    Scene("kit-stale", "kit_current", printed(stale=True, owner=False)),
    Scene("kit-stale-owner", "kit_current", printed(stale=True, owner=True), CLIENT),
    Scene("kit-unknown", "kit_current", at("/kit/WzEsMl0:x/")),
]
