"""Ways to the pages of coming back in."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import F
from django.urls import reverse

from accounts.contacts.models import PhoneNumber
from accounts.outbox.models import Message
from accounts.users.models import User
from sls.recovery import delays
from sls.recovery.models import Delay
from tests import cast, recovering
from tests.journeys.stage import Stage

LOST = "/recover/device/"
HOURS = timedelta(hours=73)


def named(stage: Stage, page: str = "/recover/") -> str:
    """Alice has typed her name."""
    return recovering.begin(stage.client, stage.alice().username, page)


def several(stage: Stage) -> User:
    """Alice has an authenticator app and backup codes besides her number."""
    user = stage.alice()
    cast.app_device(user, "Pixel 9")
    cast.code_set(user)
    return user


def choosing(stage: Stage) -> str:
    """She has proven her address."""
    return recovering.by_mail(stage.client, several(stage))


def chosen(place: int) -> Callable[[Stage], str]:
    """She has chosen what to prove it by."""

    def way(stage: Stage) -> str:
        url = choosing(stage)
        device = recovering.user_device(stage.client, url, place)
        stage.post(f"{url}way/", device=device)
        return url

    return way


def texted(stage: Stage) -> str:
    """A code is on its way to her telephone."""
    url = recovering.by_mail(stage.client, stage.alice())
    stage.post(f"{url}way/", device=recovering.user_device(stage.client, url))
    stage.is_now("sent", "sent")
    return url


def nothing_left(stage: Stage) -> str:
    """Her number is too new to prove anything."""
    user = stage.alice()
    PhoneNumber.objects.update(trusted_from=F("created_at") + timedelta(days=4000))
    return recovering.by_mail(stage.client, user)


def proven(stage: Stage) -> str:
    """She may choose a new password."""
    return recovering.by_text(stage.client, stage.alice())


def done(stage: Stage) -> str:
    """She has chosen it."""
    url = proven(stage)
    stage.post(f"{url}password/", password=recovering.NEW)
    return url


def over(stage: Stage) -> str:
    """Something changed in the meantime."""
    url = proven(stage)
    recovering.stop(User.objects.get())
    return url


def lost(stage: Stage) -> str:
    """She has lost her authenticators, and is asked for the password."""
    return recovering.by_mail(stage.client, several(stage), LOST)


def confirming(stage: Stage) -> str:
    """She is about to ask for a new way to sign in."""
    url = lost(stage)
    stage.post(f"{url}password/", password=cast.PASSWORD)
    return url


def waiting(stage: Stage) -> str:
    """She has asked for it."""
    stage.post(f"{confirming(stage)}wait/")
    return reverse("recover_status")


def asked_twice(stage: Stage) -> str:
    """She asks again while she waits."""
    waiting(stage)
    url = recovering.by_mail(stage.client, User.objects.get(), LOST)
    stage.post(f"{url}password/", password=cast.PASSWORD)
    return url


def in_session(stage: Stage) -> str:
    """She waits, and somebody is signed in meanwhile."""
    user = stage.alice()
    stage.sign_in(user)
    User.objects.update(recovering=True)
    return reverse("home")


def ripe(stage: Stage) -> str:
    """She has waited."""
    path = waiting(stage)
    Message.objects.update(created_at=F("created_at") - HOURS, not_before=F("not_before") - HOURS)
    Delay.objects.update(
        begun_at=F("begun_at") - HOURS, due_at=F("due_at") - HOURS, until=F("until") - HOURS
    )
    return path


def enrolling(stage: Stage) -> str:
    """She has proven everything once more."""
    ripe(stage)
    url = recovering.by_mail(stage.client, User.objects.get(), LOST)
    stage.post(f"{url}password/", password=cast.PASSWORD)
    return url


def setting_up(method: str) -> Callable[[Stage], str]:
    """She has chosen what to set up."""

    def way(stage: Stage) -> str:
        url = enrolling(stage)
        stage.post(f"{url}enrol/", method=method)
        return url

    return way


def enrolled(stage: Stage) -> str:
    """The new way to sign in is ready."""
    url = setting_up("authenticator_app")(stage)
    recovering.first_code(stage.client, url)
    return url


def linked(stage: Stage) -> str:
    """She has followed the link of a mail."""
    waiting(stage)
    return reverse("recover_cancel", args=[delays.link(Delay.objects.get())])


def ended(stage: Stage) -> str:
    """It was stopped before."""
    path = linked(stage)
    stage.client.post(path)
    return path
