"""Every address of the portal that holds an id, and how to get one of a given person.

A route with an id that stands in neither table fails the matrix of A13: whoever adds one says
here whose the id is.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from accounts.api_tokens import services as api_tokens
from accounts.api_tokens.rules import Scope
from accounts.approvals import services as approvals
from accounts.approvals.models import Request
from accounts.automation import services as automation
from accounts.automation.rules import Does
from accounts.automation.rules import Kind as About
from accounts.callers.models import Talk
from accounts.cases import services as cases
from accounts.cases.models import Case, Kind
from accounts.challenges.models import Challenge, Purpose
from accounts.client_accounts.models import ClientAccount
from accounts.contacts import changes
from accounts.contacts.models import What
from accounts.documents import services as documents
from accounts.documents.models import Kind as DocumentKind
from accounts.documents.services import Delivered
from accounts.ip_restrictions.models import Restriction
from accounts.ip_restrictions.networks import parse
from accounts.ip_restrictions.rules import State
from accounts.origin import SYSTEM, Origin, digest
from accounts.sessions.models import Session
from accounts.transactions.models import Transaction
from accounts.users.models import User
from sls.cards.models import Share
from sls.decisions.models import Withdrawal
from sls.devices import services as devices
from sls.methods import registry
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.dsc_plus.models import CardDevice
from sls.recovery import mail
from sls.recovery.rules import Goal
from sls.step_up import services as step_up
from sls.step_up.acts.act import Act
from sls.step_up.models import Pending
from sls.travel.models import Notice
from sls.unlocking import services as unlocking
from tests.abroad import announced
from tests.accounts.callers.conftest import opened
from tests.accounts.ip_restrictions.lists import known_browser
from tests.accounts.transactions.conftest import flagged
from tests.cast import account, app_device, begin, card_device, person
from tests.pdfs import pdf, sha256_of

SESSION, HERE = "a" * 64, Origin(address="192.0.2.1")

Ids = dict[str, object]


def routes(resolver=None, namespace: str = "") -> Iterator[tuple[str, set[str]]]:
    """The name of every address with an id in it, and the names of its ids."""
    for one in (resolver or get_resolver()).url_patterns:
        if not isinstance(one, URLPattern):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from routes(one, inner)
        elif ids := set(one.pattern.converters):
            yield f"{namespace}{one.name}", ids


def furnish(user: User) -> None:
    """Gives the person one of everything that an address may hold the id of."""
    app_device(user)
    card_device(user, serial=f"DSC9{user.pk % 1_000_000:06d}")
    changes.write(What.ADDED, user.phonenumbers.get())
    changes.write(What.ADDED, user.emailaddresss.get())
    if not user.memberships.exists():
        account(f"U3{user.pk % 1_000_000:06d}", user, equity=1)
    step_up.hold(
        user_id=user.pk,
        session=SESSION,
        action="contacts.change",
        digest="d" * 64,
        path="/settings/communication/phones/",
        fields=[("number", "+14155550177")],
        act=Act("", "/"),
    )
    for method in ("authenticator_app", "online_card"):
        devices.add(user_id=user.pk, method=registry.get(method), bound_to=SESSION, origin=HERE)
    _furnish_places(user)
    announced(user)
    ask_for_a_second_person(user)
    cases.open(user=user, kind=Kind.EMAIL, origin=HERE, text="Wants my password")
    flagged(user, account=user.memberships.first().account.number)
    desk = User.objects.filter(username="desk").first() or person("desk", staff=True)
    opened(user, desk)
    card = CardDevice.objects.get(user=user)
    Share.objects.create(user=user, device=card, session=SESSION, created_at=timezone.now())


def ask_for_a_second_person(user: User) -> None:
    """Staff ask to let everything go on for the person."""
    if Request.objects.filter(user=user, act="thaw").exists():
        return
    staff = User.objects.filter(is_staff=True).first() or person("sam", staff=True)
    approvals.ask(
        user=user,
        act="thaw",
        power="thaw",
        values={},
        reason="Called back and identified",
        ticket="SUP-1",
        staff=staff,
        origin=HERE,
    )


def _furnish_places(user: User) -> None:
    """Where the person may be, and is: a browser, a session, and entries of restrictions."""
    now = timezone.now()
    known_browser(user, f"browser of {user.pk}")
    Session.objects.create(
        key=digest(f"session of {user.pk}"),
        token=digest(f"session of {user.pk}"),
        user=user,
        opened_at=now,
        seen_at=now,
        idle_seconds=900,
        expires_at=now + timedelta(hours=12),
    )
    for network, state in (("192.0.2.7", State.ACTIVE), ("192.0.2.8", State.PENDING)):
        row = Restriction(user=user, set_by=user, state=state, made_at=now)
        row.put(parse(network, private=False))
        row.save()


def _phone(user: User) -> Ids:
    return {"pk": user.phonenumbers.get().pk}


def _email(user: User) -> Ids:
    return {"pk": user.emailaddresss.get().pk}


def _change(kind: str) -> Callable[[User], Ids]:
    return lambda user: {"pk": changes.Change.objects.filter(user=user, kind=kind).last().pk}


def _device(user: User) -> Ids:
    device = AppDevice.objects.filter(user=user, confirmed=True).first()
    return {"method": "authenticator_app", "pk": device.pk}


def _card(user: User) -> Ids:
    return {"pk": CardDevice.objects.get(user=user).pk}


def _pending(user: User) -> Ids:
    return {"pk": Pending.objects.get(user=user, session=SESSION).pk}


def _enrolment(user: User, method: str = "authenticator_app") -> Ids:
    begun = Challenge.objects.filter(user=user, purpose=Purpose.ENROLMENT, method=method)
    return {"challenge": begun.latest("created_at").pk}


def _online_card(user: User) -> Ids:
    return _enrolment(user, "online_card")


def _share(user: User) -> Ids:
    return {"share": Share.objects.get(user=user).pk}


def _membership(user: User) -> Ids:
    return {"pk": user.memberships.earliest("pk").pk}


def _account(user: User) -> Ids:
    return {"number": user.memberships.earliest("pk").account.number}


def _user(user: User) -> Ids:
    return {"pk": user.pk}


def _attempt(user: User) -> Ids:
    """A sign-in that was begun in a browser of theirs."""
    return {"token": begin(Client(), user.username).split("/")[2]}


def _who(user: User) -> Ids:
    return {"who": user.pk}


def _entry(state: State) -> Callable[[User], Ids]:
    return lambda user: _who(user) | {"pk": Restriction.objects.get(user=user, state=state).pk}


def _travel(user: User) -> Ids:
    return {"pk": Notice.objects.get(user=user).pk}


def _browser(user: User) -> Ids:
    return {"pk": user.known_devices.get(digest=digest(f"browser of {user.pk}")).pk}


def _session(user: User) -> Ids:
    return {"reference": digest(f"session of {user.pk}")[:12]}


def _case(user: User) -> Ids:
    return {"reference": Case.objects.get(user=user).reference}


def _transaction(user: User) -> Ids:
    return {"reference": Transaction.objects.get(user=user).reference}


def _talk(user: User) -> Ids:
    return {"reference": Talk.objects.get(user=user).reference}


def _request(user: User) -> Ids:
    return {"pk": Request.objects.get(user=user).pk}


def _username(user: User) -> Ids:
    return {"username": user.username}


def _recovery(user: User) -> Ids:
    """A way back that was begun in a browser of theirs."""
    begun = mail.begin(username=user.username, goal=Goal.PASSWORD, origin=HERE, browser="hers")
    return {"token": begun}


def _unlocking(user: User) -> Ids:
    return {"token": unlocking.ask(username=user.username, origin=HERE, browser="hers")}


def _withdrawal(user: User) -> Ids:
    now = timezone.now()
    asked = Withdrawal(
        user=user,
        session=SESSION,
        account="U1000001",
        amount=1,
        currency="USD",
        amount_usd=1,
        digest="0" * 64,
        created_at=now,
        expires_at=now + timedelta(minutes=15),
    )
    asked.put("DE89 3704 0044 0532 0130 00")
    asked.save()
    return {"withdrawal": asked.pk}


def own_account(user: User) -> str:
    """The number of an account that nobody else is on."""
    number = f"U4{user.pk % 1_000_000:06d}"
    if not ClientAccount.objects.filter(number=number).exists():
        account(number, user, equity=1)
    return number


def _document(user: User) -> Ids:
    number = own_account(user)
    content = pdf()
    sent = Delivered(number, DocumentKind.DAILY, "2024-11-25", "S", content, sha256_of(content))
    kept = documents.deliver(sent=sent, origin=SYSTEM)
    return {"document": kept.document.pk}


def api_token(user: User) -> api_tokens.Issued:
    """A token of theirs, with its clear text."""
    return api_tokens.create(
        user_id=user.pk,
        name="report",
        scopes=[Scope.ACCOUNT],
        life=timedelta(hours=1),
        networks=[],
        origin=HERE,
    )


def _token(user: User) -> Ids:
    return {"pk": api_token(user).row.pk}


def _rule(user: User) -> Ids:
    found = automation.of_user(user.pk).first() or automation.make(
        user_id=user.pk, kind=About.BANK, most=None, does=Does.TELL, origin=HERE
    )
    return {"pk": found.pk}


OWNED: dict[str, Callable[[User], Ids]] = {
    "api_token": _token,
    "api_token_renew": _token,
    "api_token_narrow": _token,
    "api_token_revoke": _token,
    **dict.fromkeys(("phone_verify", "phone_primary", "phone_remove", "phone_test"), _phone),
    **dict.fromkeys(("email_verify", "email_primary", "email_remove"), _email),
    "phone_take": _phone,
    "email_take": _email,
    "phone_undo": _change("phone"),
    "email_undo": _change("email"),
    **dict.fromkeys(
        ("device", "device_name", "device_test", "device_replace", "device_remove"), _device
    ),
    **dict.fromkeys(("device_enrol", "device_enrol_answer"), _enrolment),
    "online_card_activate": _online_card,
    **dict.fromkeys(("card", "card_pin", "card_pin_answer", "card_lost", "card_found"), _card),
    **dict.fromkeys(("card_unshare", "card_return", "card_return_form"), _card),
    "card_share_answer": _share,
    **dict.fromkeys(("step_up", "step_up_answer", "step_up_resend", "step_up_confirm"), _pending),
    **dict.fromkeys(("account_user", "account_user_role", "account_user_remove"), _membership),
    **dict.fromkeys(("account_users_add", "account_users_invite"), _account),
    **dict.fromkeys((f"algorithm_{word}" for word in ("mark", "open", "shut", "unmark")), _account),
    **dict.fromkeys(("ceiling", "ceiling_raise", "ceiling_keep"), _account),
    **dict.fromkeys(("automation_rule_remove", "automation_rule_try"), _rule),
    "opt_back_in": _user,
    **dict.fromkeys(("login_attempt", "login_method", "login_answer"), _attempt),
    **dict.fromkeys(("login_resend", "login_status", "login_door"), _attempt),
    **dict.fromkeys(("ip_list", "ip_add", "ip_try", "ip_confirm", "ip_take_back"), _who),
    **dict.fromkeys(("ip_door_off", "ip_door_on"), _who),
    **dict.fromkeys(("ip_remove", "ip_keep"), _entry(State.ACTIVE)),
    "ip_drop": _entry(State.PENDING),
    **dict.fromkeys(("travel_notice", "travel_end"), _travel),
    "known_device_forget": _browser,
    "session_end": _session,
    **dict.fromkeys(("recovery", "recovery_code", "recovery_again", "recovery_way"), _recovery),
    **dict.fromkeys(("recovery_answer", "recovery_resend", "recovery_password"), _recovery),
    **dict.fromkeys(("recovery_advice", "recovery_lost", "recovery_wait"), _recovery),
    **dict.fromkeys(("recovery_enrol", "recovery_enrol_answer"), _recovery),
    "unlock_code": _unlocking,
    "withdrawal_prove": _withdrawal,
    "case": _case,
    "document": _document,
    "positions": lambda user: {"number": own_account(user)},
    **dict.fromkeys(("support_approve", "support_refuse"), _request),
    "console:approval": _request,
    **dict.fromkeys(("console:client", "console:what_they_see"), _username),
    "console:staff_roles": _username,
    "console:act": lambda user: _username(user) | {"code": "unlock"},
    **{
        f"console:accounts_{model}_{page}": find
        for model, find in (
            ("case", lambda user: {"object_id": Case.objects.get(user=user).pk}),
            (
                "clientaccount",
                lambda user: {"object_id": user.memberships.earliest("pk").account_id},
            ),
        )
        for page in ("change", "history")
    },
    **dict.fromkeys(("console:case", "console:case_take", "console:case_close"), _case),
    **dict.fromkeys(("console:case_note", "console:case_review"), _case),
    **dict.fromkeys(("transaction", "transaction_mine", "transaction_not_mine"), _transaction),
    **dict.fromkeys(("console:transaction", "console:transaction_release"), _transaction),
    "console:transaction_call": _transaction,
    **dict.fromkeys(("console:talk", "console:talk_call", "console:talk_ask"), _talk),
    **dict.fromkeys(("console:talk_answer", "console:talk_end"), _talk),
    **dict.fromkeys(("console:talk_open", "console:transaction_flag"), _username),
}
# What an owner or a security officer does for the others of an account.
LOOKED_AFTER = {
    *("account_user", "account_user_role", "account_user_remove"),
    *("account_users_add", "account_users_invite", "opt_back_in"),
    *(f"algorithm_{word}" for word in ("mark", "open", "shut", "unmark")),
    *("ceiling", "ceiling_raise", "ceiling_keep"),
    *("ip_list", "ip_add", "ip_try", "ip_confirm", "ip_take_back", "ip_door_off", "ip_door_on"),
    *("ip_remove", "ip_keep", "ip_drop"),
}
# Whose id is nobody's.
NOBODYS = {
    "api:document_withdraw": "called by systems of the brokerage alone (tests of documents)",
    **dict.fromkeys(
        ("console:desk_breaker", "console:desk_breaker_overrule", "console:desk_breaker_judge"),
        "a range of numbers, of no client; each role is tested at the console (test_desk)",
    ),
    **dict.fromkeys(
        ("console:hook", "console:hook_act", "console:hook_again", "console:hook_secret"),
        "a system of the brokerage, of no client; each role is tested at the console (test_hooks)",
    ),
    "device_add": "the id is a method",
    "problem": "the id is a kind of problem, and its page is public",
    **dict.fromkeys(
        ("api:ib_key_send_code", "api:ib_key_finish"), "a secret of one phone (tests of ib_key)"
    ),
    **dict.fromkeys(
        ("api:ib_key_seen", "api:ib_key_approve", "api:ib_key_refuse"),
        "signed by the phone that it is of (A16)",
    ),
    **dict.fromkeys(
        ("api:api_login_status", "api:api_login_method", "api:api_login_resend"),
        "a secret of whoever typed the password (tests of sls.login, A2)",
    ),
    "api:api_login_answer": "a secret of whoever typed the password (tests of sls.login, A2)",
    "api:transaction": "the id is a system's own (tests of accounts.transactions)",
    "push_state": "random, and says no more than the page that waits (A16)",
    "incident_add": "the id is a method",
    "incident_enrol": "of one limited session alone (tests of sls.incident)",
    "recover_cancel": "signed, and meant for whoever reads the mail (A17)",
    "contact_undo": "signed, and meant for whoever reads the mail (tests of accounts.contacts)",
    "freeze_link": "signed, and meant for whoever reads the mail (tests of accounts.freeze)",
    "freeze_receipt": "signed for an hour, else read by its owner (tests of accounts.freeze)",
    "kit_current": "signed, and says to nobody but its owner what it is about (tests of the kit)",
    "activation_password": "a secret of the mail, in one browser (A5, A6)",
    "activation_password_advice": "a secret of the mail, in one browser (A5, A6)",
    "activation_number": "a secret of the mail, in one browser (A5, A6)",
    "twilio_status": "signed by Twilio (A10)",
    "twilio_voice": "signed by Twilio (A10)",
}
