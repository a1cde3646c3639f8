from datetime import timedelta

import pytest
from django.db import transaction

from accounts.audit import services as audit
from accounts.audit.events import Event
from accounts.challenges import services
from accounts.challenges.models import Challenge, Purpose
from accounts.challenges.rules import Outcome
from accounts.origin import SYSTEM


@pytest.mark.parametrize("purpose", [Purpose.SIGN_IN, Purpose.STEP_UP, Purpose.CONTACT])
def test_a_reported_call_makes_its_code_worthless_whatever_it_was_for(alice, purpose):
    with transaction.atomic():
        user = audit.lock(alice.pk)
        reported, other = (
            services.open_challenge(
                user_id=user.pk,
                purpose=purpose,
                method="sms",
                bound_to=name,
                life=timedelta(minutes=5),
                tries=5,
                code="493817",
            )
            for name in ("reported", "other")
        )
        audit.record(
            Event.CALL_REPORTED, user=user, origin=SYSTEM, note={"about": str(reported.pk)}
        )
    assert services.answer(reported.pk, "493817").outcome is Outcome.EXPIRED
    assert Challenge.objects.get(pk=reported.pk).secret is None
    assert services.answer(other.pk, "493817").outcome is Outcome.OK
