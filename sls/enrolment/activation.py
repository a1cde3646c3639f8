"""From the mailed code to the first password."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.challenges import services as challenges
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Bar, Sending
from accounts.challenges.sending import send_code as send
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.contacts.reached import first_phone
from accounts.freeze.services import is_frozen
from accounts.lockout import services as lockout
from accounts.lockout.rules import may_authenticate
from accounts.origin import Origin, digest
from accounts.outbox.models import Channel
from accounts.passwords import services as passwords
from accounts.passwords.rules import Reason
from accounts.users.models import User
from sls.enrolment.models import Activation

NOBODY = 0


def send_code(*, user: User, origin: Origin, actor: str = "self", planned: bool = False) -> Sending:
    """Mails an activation code to the address on file, if one may be sent now.

    A code that is still good is sent again, so that two mails never disagree. After
    ``ACTIVATION_FAILURES`` wrong ones there is no new one before staff unlock the name: a new
    code must not buy new guesses for ever (NIST SP 800-63B-4 3.2.2). ``planned`` queues one that
    only the spacing forbids. Returns what was decided; the caller holds the user's lock.
    """
    now = timezone.now()
    challenge = _newest(user.pk)
    if challenge is None or not challenge.is_open(now):
        if _wrong_codes(user.pk) >= settings.ACTIVATION_FAILURES:
            return Sending(None, Bar.CHALLENGE_CAP, 0)
        own = EmailAddress.objects.filter(user=user, suggested=False)
        address = own.order_by("created_at").first()
        challenge = challenges.open_mailed(
            user_id=user.pk,
            purpose=Purpose.ACTIVATION,
            bound_to=f"activation {user.pk}",
            to=address.address,
            with_reference=False,
        )
    sending = send(
        challenge,
        user=user,
        channel=Channel.EMAIL,
        origin=origin,
        planned=planned,
        name="activation",
    )
    if sending.bar is None or (planned and sending.bar is Bar.SPACING):
        audit.record(Event.ACTIVATION_CODE_SENT, user=user, origin=origin, actor=actor)
    elif challenge.created_at >= now:
        challenge.delete()  # nobody was told its code
    return sending


def _newest(user_id: int) -> Challenge | None:
    return (
        Challenge.objects.filter(user_id=user_id, purpose=Purpose.ACTIVATION)
        .order_by("-created_at")
        .first()
    )


def _wrong_codes(user_id: int) -> int:
    """Wrong activation codes over all mails, since staff last unlocked the name."""
    made = Challenge.objects.filter(user_id=user_id, purpose=Purpose.ACTIVATION)
    unlocked = Entry.objects.filter(user_id=user_id, event=Event.SIGN_IN_UNLOCKED)
    last = unlocked.order_by("-number").values_list("at", flat=True).first()
    if last is not None:
        made = made.filter(created_at__gt=last)
    tries = made.values_list("tries_left", flat=True)
    return sum(settings.TRIES_PER_CHALLENGE - left for left in tries)


def resend(*, username: str, origin: Origin) -> None:
    """Mails a code if the name belongs to somebody who waits for activation.

    Says nothing of whether it did: the page answers the same for every name.
    """
    user = _waiting(username)
    if user is None:
        return
    with transaction.atomic():
        row = audit.lock(user.pk)
        if _may_begin(row):
            send_code(user=row, origin=origin)


def _waiting(username: str) -> User | None:
    user = User.objects.by_name(username)
    return user if user and _may_begin(user) else None


def _may_begin(user: User) -> bool:
    bar = may_authenticate(active=user.is_active, frozen=is_frozen(user), locked=False)
    return bar is None and not user.has_usable_password()


def redeem(*, username: str, digits: str, origin: Origin, browser: str) -> str | None:
    """The token of an activation if ``digits`` is the code mailed to this name, else None.

    Counts a wrong code durably, so outside transactions. ``browser`` is the secret of a cookie
    that the activation is bound to.
    """
    user = _waiting(username)
    challenge = _newest(user.pk if user else NOBODY)
    if user is None or challenge is None:
        return None
    verdict = challenges.answer(challenge.pk, digits)
    with transaction.atomic():
        row = audit.lock(user.pk)
        if not verdict.is_ok:
            detail = {"outcome": verdict.outcome.value}
            audit.record(Event.ACTIVATION_FAILED, user=row, origin=origin, detail=detail)
            return None
        if not _may_begin(row):
            return None
        _verify_address(row, challenge.destination, origin)
        return _begin(row, browser)


def _verify_address(user: User, address: str, origin: Origin) -> None:
    """Whoever has the code reads the address."""
    now = timezone.now()
    email = EmailAddress.objects.get(user=user, address=address)
    if email.verified_at is not None:
        return
    email.verified_at, email.trusted_from, email.primary = now, now, True
    email.save(update_fields=["verified_at", "trusted_from", "primary"])
    audit.record(
        Event.EMAIL_VERIFIED,
        user=user,
        origin=origin,
        detail={"email": email.masked},
        note={"email": email},
    )


def _begin(user: User, browser: str) -> str:
    token, now = secrets.token_urlsafe(32), timezone.now()
    Activation.objects.create(
        digest=digest(token),
        browser=digest(browser),
        user=user,
        created_at=now,
        expires_at=now + timedelta(seconds=settings.ATTEMPT_LIFE),
    )
    return token


def find(token: str) -> Activation | None:
    """The activation of this token with its user, in one query."""
    return Activation.objects.select_related("user").filter(pk=digest(token)).first()


def choose_password(activation: Activation, *, password: str, origin: Origin) -> list[Reason]:
    """Sets the first password and ends the activation; returns why it was refused.

    Slow; outside transactions. Raises ``passwords.services.AlreadySet``.
    """
    reasons = passwords.set_initial(user=activation.user, password=password, origin=origin)
    if not reasons:
        # What was guessed before there was a password was guessed at nothing.
        lockout.clear(lockout.key_of(activation.user.username))
        live = Activation.objects.filter(user=activation.user_id, ended_at=None)
        live.update(ended_at=timezone.now())
    return reasons


def consent(*, user: User, origin: Origin) -> PhoneNumber | None:
    """Keeps that the person agreed to codes by telephone, after the text said what that means."""
    phone = first_phone(user.pk)
    if phone is not None:
        with transaction.atomic():
            row = audit.lock(user.pk)
            detail = {"phone": phone.masked}
            audit.record(Event.PHONE_CONSENTED, user=row, origin=origin, detail=detail)
    return phone


def purge() -> int:
    """Deletes activations that ended long ago (``CHALLENGE_KEEP_DAYS``). Returns how many."""
    before = timezone.now() - timedelta(days=settings.CHALLENGE_KEEP_DAYS)
    return Activation.objects.filter(expires_at__lt=before).delete()[0]
