"""Alice and the pages of her alerts: notices, choices, and her phrase."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import phrase
from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.origin import Origin
from accounts.sessions.models import Session
from accounts.users.models import User
from tests.journeys.stage import Stage

ORIGIN = Origin(address="203.0.113.7", agent="Mozilla/5.0 (Windows NT 10.0) Chrome/130.0")


def told(stage: Stage) -> str:
    """Things happened that she was told of; the first of them she has read."""
    user = stage.alice()
    stage.sign_in(user)
    events = (Event.EMAIL_ADDED, Event.SIGNED_IN_NEW_DEVICE, Event.SIGN_IN_STOPPED)
    for event in (*events, Event.CARD_SHIPPED):
        with transaction.atomic():
            audit.record(event, user=audit.lock(user.pk), origin=ORIGIN)
    user = User.objects.get(pk=user.pk)
    User.objects.filter(pk=user.pk).update(
        read_up_to=user.audit_number - 3, notices_read=user.notices - 3
    )
    return reverse("inbox")


def opened(page) -> None:
    """Reads the first notice."""
    page.locator("main summary").first.click()


def chosen(stage: Stage) -> str:
    """She wants every alert about signing in by text message, and none about the post."""
    _with_phrase(stage)
    User.objects.update(alert_choices={"also_sms": ["sign_ins"], "no_email": ["cards"]})
    return reverse("alerts_settings")


def phrase_shown(stage: Stage) -> str:
    """She has just proven that it is her."""
    _with_phrase(stage)
    until = timezone.now() + timedelta(minutes=5)
    Session.objects.filter(ended_at=None).update(
        verified_action="phrase.change", verified_until=until
    )
    return reverse("phrase")


def _with_phrase(stage: Stage) -> None:
    user = stage.alice()
    stage.sign_in(user)
    User.objects.filter(pk=user.pk).update(phrase=phrase.sealed(user, "blue lantern"))
