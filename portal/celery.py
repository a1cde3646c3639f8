"""The Celery app; Django's settings configure it under the prefix ``CELERY_``.

A room's tasks are found because the room is named here.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

ROOMS_WITH_TASKS = [
    *("accounts.outbox", "accounts.challenges", "accounts.lockout", "accounts.sessions"),
    *("accounts.api_tokens", "accounts.automation", "accounts.transactions"),
    *("accounts.holds", "accounts.contacts", "accounts.ip_restrictions", "accounts.audit"),
    *("sls.cards", "sls.enrolment", "sls.login"),
    *("sls.methods.dsc_plus", "sls.methods.ib_key", "sls.policy", "sls.step_up"),
    *("sls.methods.online_card", "sls.methods.temporary_passcode"),
    *("sls.incident", "sls.recovery", "sls.decisions"),
    *("accounts.digest", "accounts.approvals", "portal.tls"),
    "portal",
]

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(ROOMS_WITH_TASKS)
