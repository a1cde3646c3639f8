"""IB Key in the portal: inviting a phone, and the page that waits for it."""

from collections.abc import Callable

from accounts.origin import SYSTEM
from accounts.outbox import endpoints
from accounts.outbox.models import Message, Status
from sls.methods.ib_key import services
from sls.methods.ib_key.models import IbKeyDevice, Push
from sls.methods.ib_key.rules import State
from tests import cast, phones
from tests.journeys.scenes.scene import CLIENT, Scene, confirm, signed_in
from tests.journeys.stage import Stage

PAGE = "/settings/security/sls/ib-key/"
NOTIFICATIONS = f"{PAGE}notifications/"


def with_phone(path: str) -> Callable[[Stage], str]:
    """Alice, signed in, at ``path``; her phone is active."""

    def way(stage: Stage) -> str:
        user = stage.alice()
        stage.sign_in(user)
        phones.activated(user)
        return path

    return way


def notified(*, tested: bool = False, gone: bool = False) -> Callable[[Stage], str]:
    """Alice, on the page of notifications; her phone shows them, or does so no more."""

    def way(stage: Stage) -> str:
        path = with_phone(NOTIFICATIONS)(stage)
        device = IbKeyDevice.objects.get(confirmed=True)
        device.endpoint = endpoints.keep(device.user_id, {"endpoint": "https://push.example/1"})
        device.save(update_fields=["endpoint"])
        to = str(device.endpoint_id)
        endpoints.accept(to)
        if tested:
            services.test_notification(device)
            Message.objects.filter(about=str(device.handle)).update(status=Status.SENT)
        if gone:
            endpoints.refuse(to, 410)
            services.ask_by_push(device, on=False, origin=SYSTEM)
        return path

    return way


def waiting(stored: State = State.WAITING, *, often: bool = False) -> Callable[[Stage], str]:
    """A sign-in that asks the phone of Alice."""

    def way(stage: Stage) -> str:
        user = stage.alice()
        phone = phones.activated(user)
        url = cast.begin(stage.client, user.username)
        stage.post(f"{url}method/", device=phone.row().persistent_id)
        if often:
            Push.objects.all().delete()
        Push.objects.update(stored=stored)
        return url

    return way


SCENES = [
    Scene("ib-key", "ib_key", signed_in(PAGE), CLIENT),
    Scene("ib-key-again", "ib_key", with_phone(PAGE), CLIENT),
    Scene("ib-key-code", "ib_key", lambda stage: stage.proven_only("ib_key"), CLIENT, act=confirm),
    Scene("ib-key-device", "devices", with_phone("/settings/security/sls/"), CLIENT),
    Scene("ib-key-notifications", "ib_key_notifications", with_phone(NOTIFICATIONS), CLIENT),
    Scene("ib-key-notified", "ib_key_notifications", notified(), CLIENT),
    Scene("ib-key-tested", "ib_key_notifications", notified(tested=True), CLIENT),
    Scene("ib-key-gone", "ib_key_notifications", notified(gone=True), CLIENT),
    Scene("approve-phone", "login_attempt", waiting()),
    Scene("approve-refused", "login_attempt", waiting(State.REFUSED)),
    Scene("approve-other-digits", "login_attempt", waiting(State.WRONG)),
    Scene("approve-response", "login_attempt", waiting(often=True)),
]
