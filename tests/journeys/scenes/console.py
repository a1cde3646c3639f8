"""The support console: finding, helping, deciding."""

from django.contrib.auth.models import Group
from django.utils import timezone
from django_otp.oath import totp
from playwright.sync_api import Page

from accounts.approvals import services as approvals
from accounts.approvals.models import Request
from accounts.cases import services as cases
from accounts.cases.models import Kind
from accounts.freeze import services as freezes
from accounts.freeze.models import How, Trading
from accounts.lockout import services as lockout
from accounts.origin import SYSTEM, Origin
from accounts.outbox.models import Message
from accounts.users.models import User
from sls.methods.sms.models import PhoneDevice
from tests import cast
from tests.journeys.scenes.scene import CLIENT, STAFF, Scene, signed_in, staff, submit
from tests.journeys.stage import Stage

HERE = Origin(address="203.0.113.7")
WHY = {"reason": "Lost the telephone, called back and identified", "ticket": "SUP-1042"}
TABLE = (
    "username,name,email,mobile,account,language,entity\n"
    "erin,Erin Vale,erin@example.com,+14155550121,U1000021,en,US\n"
    "x,,nobody,12,U1,xx,ZZ\n"
)


def officer(path: str):
    """Uma, a security officer, at ``path``."""

    def way(stage: Stage) -> str:
        user = stage.of_staff("uma", "+14155550107", "security_officer")
        url = cast.begin(stage.client, user.username)
        stage.post(f"{url}answer/", code=f"{totp(cast.SEED):06d}")
        return path

    return way


def logistics(path: str, role: str = "card_logistics"):
    """Somebody who sends cards, with one that waits; or somebody without a role."""

    def way(stage: Stage) -> str:
        found = staff(path)(stage)
        sam = User.objects.get(username="sam")
        sam.groups.set([Group.objects.get_or_create(name=role)[0]] if role else [])
        return found

    return way


def client_page(stage: Stage) -> str:
    """Alice has two lost messages, a pause, a card in the post and a request that waits."""
    path = staff("/console/clients/alice/")(stage)
    user = busy(stage)
    asked(stage, user)
    return path


def busy(stage: Stage) -> User:
    user = stage.alice()
    cast.begin(stage.client.__class__(), "alice")
    now = timezone.now()
    sent = {"status": "undelivered", "error_code": 30006, "changed_at": now}
    Message.objects.filter(user=user, is_code=True).update(**sent)
    for _ in range(10):
        lockout.failed(lockout.key_of("alice"))
    cast.card_device(user, activated=False)
    cast.app_device(user)
    return user


def stopped(stage: Stage) -> str:
    path = staff("/console/clients/alice/")(stage)
    user = stage.alice()
    freezes.freeze(
        user_id=user.pk, origin=HERE, how=How.PAGE, trading=Trading.CLOSE_ONLY, actor="self"
    )
    return path


def plain(path: str):
    """Sam at a page about Alice."""

    def way(stage: Stage) -> str:
        found = staff(path)(stage)
        stage.alice()
        return found

    return way


def asked(stage: Stage, user: User, *, by: str = "sam") -> Request:
    device = PhoneDevice.objects.get(user=user)
    return approvals.ask(
        user=user,
        act="revoke",
        power="revoke",
        values={"device": device.persistent_id},
        staff=User.objects.get(username=by),
        origin=SYSTEM,
        **WHY,
    )


def approvals_page(*, one: bool = False, own: bool = False):
    """Uma before what Sam asked for; or Sam himself."""

    def way(stage: Stage) -> str:
        if own:
            staff("/")(stage)
        else:
            stage.sam()
            officer("/")(stage)
        made = asked(stage, stage.alice())
        return f"/console/approvals/{made.pk}/" if one else "/console/approvals/"

    return way


def decided(stage: Stage) -> str:
    path = approvals_page(one=True)(stage)
    made = Request.objects.get()
    approvals.refuse(
        pk=made.pk,
        by=User.objects.get(username="uma"),
        has_power=True,
        why="The caller could not be reached",
        origin=SYSTEM,
    )
    return path


def of_client(stage: Stage) -> str:
    """Alice, signed in, before what Sam asked for."""
    stage.sam()
    path = signed_in("/settings/security/requests/")(stage)
    asked(stage, User.objects.get(username="alice"))
    return path


def several_named(stage: Stage) -> str:
    path = staff("/console/clients/?q=example")(stage)
    for user in (stage.alice(), cast.person("bob")):
        User.objects.filter(pk=user.pk).update(name=f"{user.name.split()[0]} Example")
    return path


def tried(page: Page) -> None:
    page.locator("textarea[name=table]").fill(TABLE)
    with page.expect_navigation():
        page.locator("button[value=try]").click()


def rows(model: str, *, one: bool = False, history: bool = False):
    """What the admin shows of a class."""

    def way(stage: Stage) -> str:
        officer("/")(stage)
        made = cases.open(user=stage.alice(), kind=Kind.SIGN_IN, origin=HERE)
        if not one:
            return f"/console/rows/{model}/"
        return f"/console/rows/{model}/{made.pk}/{'history/' if history else ''}"

    return way


SCENES = [
    Scene("console-search", "console:search", staff("/console/clients/"), STAFF),
    Scene("console-search-none", "console:search", staff("/console/clients/?q=nobody"), STAFF),
    Scene("console-search-several", "console:search", several_named, STAFF),
    Scene("console-client", "console:client", client_page, STAFF),
    Scene("console-client-plain", "console:client", plain("/console/clients/alice/"), STAFF),
    Scene("console-client-stopped", "console:client", stopped, STAFF),
    Scene("console-seen", "console:what_they_see", plain("/console/clients/alice/seen/"), STAFF),
    Scene("console-act", "console:act", plain("/console/clients/alice/do/hold/"), STAFF),
    Scene(
        "console-act-wrong",
        "console:act",
        plain("/console/clients/alice/do/freeze/"),
        STAFF,
        act=lambda page: submit(page, reason="no", ticket="12"),
    ),
    Scene("console-act-two", "console:act", plain("/console/clients/alice/do/revoke/"), STAFF),
    Scene("console-approvals", "console:approvals", approvals_page(), STAFF),
    Scene("console-approvals-none", "console:approvals", staff("/console/approvals/"), STAFF),
    Scene("console-approval", "console:approval", approvals_page(one=True), STAFF),
    Scene("console-approval-own", "console:approval", approvals_page(one=True, own=True), STAFF),
    Scene("console-approval-decided", "console:approval", decided, STAFF),
    Scene("console-open-account", "console:open_account", staff("/console/accounts/open/"), STAFF),
    Scene("console-open-many", "console:open_accounts", staff("/console/accounts/import/"), STAFF),
    Scene(
        "console-open-many-tried",
        "console:open_accounts",
        staff("/console/accounts/import/"),
        STAFF,
        act=tried,
    ),
    Scene("console-cards", "console:cards", logistics("/console/cards/"), STAFF),
    Scene(
        "console-delivery", "console:card_delivery", logistics("/console/cards/delivery/"), STAFF
    ),
    Scene("console-no-role", "console:index", logistics("/console/", role=""), STAFF),
    Scene("console-staff", "console:staff", officer("/console/staff/"), STAFF),
    Scene(
        "console-roles",
        "console:staff_roles",
        lambda stage: (stage.sam(), officer("/console/staff/sam/roles/")(stage))[1],
        STAFF,
    ),
    Scene("console-all-cases", "console:accounts_case_changelist", rows("case"), STAFF),
    Scene("console-one-case", "console:accounts_case_change", rows("case", one=True), STAFF),
    Scene(
        "console-case-history",
        "console:accounts_case_history",
        rows("case", one=True, history=True),
        STAFF,
    ),
    Scene(
        "console-accounts",
        "console:accounts_clientaccount_changelist",
        rows("clientaccount"),
        STAFF,
    ),
    Scene("requests-of-support", "support_requests", of_client, CLIENT),
    Scene(
        "requests-of-support-none",
        "support_requests",
        signed_in("/settings/security/requests/"),
        CLIENT,
    ),
]
