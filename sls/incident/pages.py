"""What the pages of the way show: read from the tables, nothing changed."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.client_accounts import people
from accounts.contacts import wording as contact_wording
from accounts.contacts.kinds import EMAIL, PHONE
from accounts.contacts.models import What
from accounts.contacts.undoing import Step as ChangeStep
from accounts.freeze import pages as freeze_pages
from accounts.freeze import rules as freeze_rules
from accounts.freeze import services as freezes
from accounts.freeze.models import Freeze
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.devices import cards
from sls.incident import rules, services, sorting, wording
from sls.incident.models import Cause, Step
from sls.incident.rules import Facts, Stage
from sls.methods import registry
from sls.methods.backup_codes.models import CodeSet
from sls.methods.rules import Strength

METHODS = ("passkey", "authenticator_app", "backup_codes")  # what may be added on the way


def common(running: Freeze, stage: Stage) -> dict[str, Any]:
    """The reference, and how far along."""
    now, of = rules.ORDER.index(stage) + 1, len(rules.ORDER)
    return {"freeze": running, "now": now, "of": of, "bar": "1" * now + "0" * (of - now)}


def factors(row: Session, answers: sorting.Answers) -> dict[str, Any]:
    """``cards``, each with its ``key``, whether it is asked about, and what was answered."""
    held = sorting.factors(row.user_id)
    shown = [
        {
            "card": card,
            "key": sorting.key(card.device),
            "asked": not card.is_current,
            "answer": answers.get(sorting.key(card.device)),
        }
        for card in cards.all_of(held, current=row.device)
    ]
    return {"cards": shown, "offers": [registry.get(code) for code in METHODS[:2]]}


def contacts(user_id: int, answers: sorting.Answers) -> dict[str, Any]:
    """``contacts`` and ``changes``, each with ``key``, words and what was answered."""
    listed = [
        {
            "contact": one,
            "key": sorting.key(one),
            "is_phone": hasattr(one, "number"),
            "answer": answers.get(sorting.key(one)),
        }
        for one in sorting.contacts_of(user_id)
    ]
    changed = [
        {
            "key": sorting.key(change),
            "did": contact_wording.was_done(ChangeStep(What.REMOVED, one, None), whole=True),
            "at": change.at,
            "answer": answers.get(sorting.key(change)),
        }
        for change, one in sorting.taken_off(user_id)
    ]
    return {"contacts": listed, "changes": changed}


def gaps(user: User, running: Freeze) -> Sequence[wording.Told]:
    """What is left open, from the real state. Six queries."""
    rows = registry.devices(user.pk)
    methods = [registry.get(row.method) for row in rows]
    codes = CodeSet.objects.filter(CodeSet.live(), user=user)
    review = services.review(running)
    others = people.on_managed(user.pk).exclude(user=user).order_by()
    found = rules.gaps(
        Facts(
            passkeys=sum(one.strength >= Strength.PHISHING_RESISTANT for one in methods),
            own=sum(one.permanent for one in methods),
            codes=sum(one.left for one in codes),
            sms=any(one.channels for one in methods),
            emails=_verified(EMAIL, user.pk),
            phones=_verified(PHONE, user.pk),
            restricted=bool(user.restrictions),
            others=others.values("user").distinct().count(),
            causes=review.causes if review else (),
        )
    )
    return wording.gaps(found)


def _verified(kind, user_id: int) -> int:
    return kind.model.objects.filter(user_id=user_id, verified_at__isnull=False).count()


def thaw(user: User, running: Freeze) -> dict[str, Any]:
    """The wait, and when it is over."""
    at = freeze_rules.thaws_at(running.thaw_asked_at, freezes.wait())
    return {
        "hours": settings.FREEZE_THAW_HOURS,
        "asked_at": running.thaw_asked_at,
        "thaws_at": at,
        "is_due": at is not None and timezone.now() >= at,
        "gaps": gaps(user, running),
    }


def receipt(made: Freeze, user: User) -> dict[str, Any]:
    """Everything that was stopped and done, with its times, and what is left open."""
    steps = Step.objects.filter(freeze=made).order_by("pk")
    review = services.review(made)
    return {
        **freeze_pages.receipt(made),
        "steps": [{"what": wording.step(one), "at": one.at} for one in steps],
        "causes": [str(Cause(one).label) for one in review.causes] if review else [],
        "text": review.text if review else "",
        "gaps": [
            {"told": one, "url": reverse(one.place) if one.place else ""}
            for one in gaps(user, made)
        ],
    }
