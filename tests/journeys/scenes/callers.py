"""Proving both ways who is on the telephone, transactions that are asked about, our numbers."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from django_otp.oath import totp
from playwright.sync_api import Page

from accounts.callers import services
from accounts.callers.models import Department, Talk, Topic
from accounts.callers.rules import Proof
from accounts.origin import SYSTEM, Origin
from accounts.outbox.models import Channel
from accounts.transactions import services as transactions
from accounts.transactions.models import Kind, Transaction
from accounts.transactions.services import Flagged
from accounts.users.models import User
from portal.console import acting
from portal.console.acts.house import NumbersForm
from portal.console.acts.table import ACTS
from sls.callers import services as proofs
from tests import cast, phones
from tests.journeys.scenes.scene import CLIENT, STAFF, Scene, at, signed_in, submit
from tests.journeys.stage import Stage

HERE = Origin(platform="console")


def sam_of(stage: Stage, role: str = "support_agent") -> User:
    user = cast.member_of_staff("sam", "+14155550109", role)
    User.objects.filter(pk=user.pk).update(language=stage.language)
    return user


def at_the_desk(stage: Stage, role: str = "support_agent") -> User:
    """Sam, signed in at the console."""
    user = sam_of(stage, role)
    url = cast.begin(stage.client, user.username)
    stage.post(f"{url}answer/", code=f"{totp(cast.SEED):06d}")
    return user


def opened(user: User, staff: User, topic: Topic = Topic.TRANSACTION) -> Talk:
    return services.open_talk(
        user_id=user.pk,
        staff=staff,
        department=Department.SERVICES,
        topic=topic,
        origin=HERE,
    )


def called(path: str):
    """Alice, signed in, while Sam talks to her."""

    def way(stage: Stage) -> str:
        user = stage.alice()
        stage.sign_in(user)
        opened(user, sam_of(stage))
        return path

    return way


def typed(reference: str = ""):
    """Whoever is called types a reference, that of the conversation or another."""

    def act(page: Page) -> None:
        submit(page, reference=reference or Talk.objects.get().reference)

    return act


def rung(stage: Stage) -> str:
    opened(stage.alice(), sam_of(stage))
    return "/verify-caller/"


def talk(state: str = ""):
    """Sam talks to Alice, who is in ``state``."""

    def way(stage: Stage) -> str:
        staff, user = at_the_desk(stage), stage.alice()
        phone = phones.activated(user) if state == "phone" else None
        if state in ("ways", "card", "phone"):
            cast.card_device(user)
            cast.app_device(user)
        made = opened(user, staff)
        asks = {"code": ("sms", Channel.SMS), "card": ("dsc_plus", None), "phone": ("ib_key", None)}
        if state in asks:
            method, delivery = asks[state]
            one = next(w for w in proofs.ways(user.pk) if w.row.method == method)
            proofs.ask(talk=made, way=one.row.id, delivery=delivery, origin=HERE)
        if state in ("passed", "failed"):
            changed = {"proof": Proof(state), "method": "dsc_plus", "proven_at": timezone.now()}
            Talk.objects.filter(pk=made.pk).update(**changed)
        if state == "over":
            services.end(talk=made, origin=HERE)
        assert phone is None or phone.device
        return f"/console/talks/{made.reference}/"

    return way


def talks(stage: Stage) -> str:
    staff, user = at_the_desk(stage), stage.alice()
    for topic, proof in ((Topic.CARD, Proof.PASSED), (Topic.SIGN_IN, Proof.FAILED)):
        made = opened(user, staff, topic)
        Talk.objects.filter(pk=made.pk).update(proof=proof)
    opened(user, staff)
    return "/console/talks/"


def desk(path: str, role: str = "support_agent"):
    def way(stage: Stage) -> str:
        at_the_desk(stage, role)
        stage.alice()
        return path

    return way


def flagged(user: User, *, external: str | None = None, **changes: object) -> Transaction:
    known: dict[str, object] = {
        "kind": Kind.WITHDRAWAL,
        "what": "Bank of Nowhere, account ending 4471",
        "amount": Decimal("25000.00"),
        "currency": "USD",
        "at": timezone.now() - timedelta(minutes=5),
        "account": "U1000001",
    }
    return transactions.flag(
        user_id=user.pk,
        flagged=Flagged(**known | changes),
        origin=SYSTEM,
        external=external,
        system="watch" if external else "",
    )


def put(made: Transaction, state: str) -> None:
    """What became of it."""
    if state == "not_mine":
        transactions.refuse(made=made, origin=HERE)
    elif state == "mine":
        transactions.confirm(made=made, origin=HERE)
    elif state == "unanswered":
        past = timezone.now() - timedelta(minutes=1)
        Transaction.objects.filter(pk=made.pk).update(expires_at=past)
        transactions.expire_due()


def asked(state: str = ""):
    """Alice, signed in, is asked about a transaction."""

    def way(stage: Stage) -> str:
        user = stage.alice()
        stage.sign_in(user)
        made = flagged(user)
        put(made, state)
        return f"/transactions/{made.reference}/"

    return way


def several(stage: Stage) -> str:
    user = stage.alice()
    stage.sign_in(user)
    for state in ("mine", "not_mine", ""):
        put(flagged(user), state)
    flagged(user, kind=Kind.ORDER, what="4,000 shares of NOPE", amount=Decimal("61200.50"))
    return "/transactions/"


def called_about(stage: Stage) -> str:
    """Alice pressed 1 on the telephone: "mine", which waits for her here."""
    user = stage.alice()
    stage.sign_in(user)
    made = flagged(user)
    Transaction.objects.filter(pk=made.pk).update(said_mine_at=timezone.now())
    return f"/transactions/{made.reference}/"


def said_mine(stage: Stage) -> str:
    at_the_desk(stage)
    made = flagged(stage.alice())
    Transaction.objects.filter(pk=made.pk).update(said_mine_at=timezone.now())
    return f"/console/transactions/{made.reference}/"


def numbers_asked(stage: Stage) -> str:
    """Tess asks for other numbers; Sam, an officer, decides."""
    at_the_desk(stage, "security_officer")
    form = NumbersForm(
        {
            "number_1": "+1 415 555 0142",
            "label_1": "United States",
            "reason": "A new number is in use",
            "ticket": "SUP-4711",
        }
    )
    assert form.is_valid()
    made = acting.ask(
        ACTS["numbers"],
        user=None,
        form=form,
        staff=cast.member_of_staff("tess", "+14155550108", "support_lead"),
        origin=HERE,
    )
    return f"/console/approvals/{made.pk}/"


def held(state: str = "", *, one: bool = False, proven: bool = False):
    """Sam has before him what is held."""

    def way(stage: Stage) -> str:
        staff, user = at_the_desk(stage), stage.alice()
        made = flagged(user, external="fraud-2026-004471")
        put(made, state)
        flagged(user, kind=Kind.TRANSFER, amount=Decimal("9800.00"), what="Another broker")
        if proven:
            Talk.objects.filter(pk=opened(user, staff).pk).update(proof=Proof.PASSED)
        return f"/console/transactions/{made.reference}/" if one else "/console/transactions/"

    return way


def wrong_numbers(page: Page) -> None:
    submit(page, number_1="415 555 0100", label_2="Japan")


SCENES = [
    Scene("verify-caller", "verify_caller", at("/verify-caller/")),
    Scene("verify-caller-nobody", "verify_caller", signed_in("/verify-caller/"), CLIENT),
    Scene("verify-caller-called", "verify_caller", called("/verify-caller/"), CLIENT),
    Scene("verify-caller-real", "verify_caller", rung, act=typed()),
    Scene("verify-caller-hers", "verify_caller", called("/verify-caller/"), CLIENT, act=typed()),
    Scene("verify-caller-forged", "verify_caller", at("/verify-caller/"), act=typed("4K7T-Q29M")),
    Scene(
        "verify-caller-not-hers",
        "verify_caller",
        signed_in("/verify-caller/"),
        CLIENT,
        act=typed("4K7T-Q29M"),
    ),
    Scene("home-called", "home", called("/"), CLIENT),
    Scene("transactions", "transactions", several, CLIENT),
    Scene("transactions-none", "transactions", signed_in("/transactions/"), CLIENT),
    Scene("transaction", "transaction", asked(), CLIENT),
    Scene("transaction-refused", "transaction", asked("not_mine"), CLIENT),
    Scene("transaction-confirmed", "transaction", asked("mine"), CLIENT),
    Scene("transaction-late", "transaction", asked("unanswered"), CLIENT),
    Scene("console-talks", "console:talks", talks, STAFF),
    Scene("console-talks-none", "console:talks", desk("/console/talks/"), STAFF),
    Scene("console-talk-open", "console:talk_open", desk("/console/clients/alice/talk/"), STAFF),
    Scene("console-talk", "console:talk", talk("ways"), STAFF),
    Scene("console-talk-code", "console:talk", talk("code"), STAFF),
    Scene("console-talk-card", "console:talk", talk("card"), STAFF),
    Scene("console-talk-phone", "console:talk", talk("phone"), STAFF),
    Scene("console-talk-passed", "console:talk", talk("passed"), STAFF),
    Scene("console-talk-failed", "console:talk", talk("failed"), STAFF),
    Scene("console-talk-over", "console:talk", talk("over"), STAFF),
    Scene("console-transactions", "console:transactions", held("not_mine"), STAFF),
    Scene(
        "console-transactions-none", "console:transactions", desk("/console/transactions/"), STAFF
    ),
    Scene(
        "console-transaction-flag",
        "console:transaction_flag",
        desk("/console/clients/alice/transactions/new/"),
        STAFF,
    ),
    Scene("console-transaction", "console:transaction", held(one=True), STAFF),
    Scene("console-transaction-proven", "console:transaction", held(one=True, proven=True), STAFF),
    Scene("console-transaction-refused", "console:transaction", held("not_mine", one=True), STAFF),
    Scene("transaction-said-mine", "transaction", called_about, CLIENT),
    Scene("console-transaction-said-mine", "console:transaction", said_mine, STAFF),
    Scene("console-approval-numbers", "console:approval", numbers_asked, STAFF),
    Scene(
        "console-act-freeze",
        "console:act",
        desk("/console/clients/alice/do/freeze/"),
        STAFF,
    ),
    Scene("console-numbers", "console:numbers", desk("/console/numbers/", "support_lead"), STAFF),
    Scene(
        "console-numbers-wrong",
        "console:numbers",
        desk("/console/numbers/", "support_lead"),
        STAFF,
        act=wrong_numbers,
    ),
]
