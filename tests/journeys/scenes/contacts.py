"""Addresses and numbers, and the people of an account."""

from collections.abc import Callable

from django.urls import reverse

from accounts.contacts import services as contacts
from accounts.origin import Origin
from tests.journeys.scenes.scene import (
    CLIENT,
    Scene,
    confirm,
    new_sim,
    signed_in,
    submit,
)
from tests.journeys.stage import Stage


def new_number(path: str, send: str = "", *state: object, **facts: object):
    """Alice at the page of a number that is not verified, maybe after a code was sent."""

    def way(stage: Stage) -> str:
        phone = stage.new_number(**facts)
        url = reverse(path, args=[phone.pk] if "_" in path else [])
        if send:
            stage.post(url, delivery=send)
            stage.is_now(*state)
        return url

    return way


def new_address(*state: object) -> Callable[[Stage], str]:
    """Alice at the page of an address that is not verified, maybe after a code was sent."""

    def way(stage: Stage) -> str:
        url = reverse("email_verify", args=[stage.new_address().pk])
        if state:
            stage.post(url, delivery="email")
            stage.is_now(*state)
        return url

    return way


def suggested(stage: Stage) -> str:
    """Support put a number on Alice's list."""
    user = stage.alice()
    stage.sign_in(user)
    made = contacts.add_phone(
        user_id=user.pk, typed="+14155550177", origin=Origin(platform="console"), suggested=True
    )
    return f"/settings/communication/phones/{made.pk}/verify/"


SCENES = [
    Scene("phones", "phones", new_number("phones"), CLIENT),
    Scene("phones-new-sim", "phones", new_sim("/settings/communication/phones/"), CLIENT),
    Scene(
        "phones-refused",
        "phones",
        signed_in("/settings/communication/phones/"),
        CLIENT,
        act=lambda page: submit(page, number="+1 900 555 1234"),
    ),
    Scene("phone-verify", "phone_verify", new_number("phone_verify"), CLIENT),
    Scene("phone-code", "phone_verify", new_number("phone_verify", "sms", "delivered"), CLIENT),
    Scene(
        "phone-call", "phone_verify", new_number("phone_verify", "voice", "sent", "ringing"), CLIENT
    ),
    Scene(
        "phone-landline",
        "phone_verify",
        new_number("phone_verify", line_type="landline", sms_refused_by_carrier=True),
        CLIENT,
    ),
    Scene("phone-suggested", "phone_verify", suggested, CLIENT),
    Scene("emails", "emails", signed_in("/settings/communication/emails/"), CLIENT),
    Scene("email-verify", "email_verify", new_address(), CLIENT),
    Scene("email-code", "email_verify", new_address("sent"), CLIENT),
    Scene("emails-in-motion", "emails", lambda stage: stage.in_motion("emails"), CLIENT),
    Scene("phones-in-motion", "phones", lambda stage: stage.in_motion("phones"), CLIENT),
    Scene("contact-check", "contact_check", Stage.check_due, CLIENT),
    Scene("home-contact-check", "home", lambda stage: stage.check_due("/"), CLIENT),
    Scene("contact-undo", "contact_undo", Stage.undo_link),
    Scene("contact-undone", "contact_undo", Stage.undo_link, act=confirm),
    Scene("contact-undo-late", "contact_undo", lambda stage: stage.undo_link(late=True)),
    Scene("account-users", "account_users", lambda stage: stage.account("account_users"), CLIENT),
    Scene("account-users-trader", "account_users", Stage.account_of_others, CLIENT),
    Scene("account-user", "account_user", lambda stage: stage.account("account_user"), CLIENT),
    Scene(
        "account-users-add",
        "account_users_add",
        lambda stage: stage.account("account_users_add"),
        CLIENT,
    ),
    Scene(
        "account-users-invite",
        "account_users_invite",
        lambda stage: stage.account("account_users_invite"),
        CLIENT,
    ),
]
