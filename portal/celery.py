"""The Celery app; Django's settings configure it under the prefix ``CELERY_``.

A room's tasks are found because the room is named here.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

ROOMS_WITH_TASKS = [
    *("accounts.outbox", "accounts.challenges", "accounts.lockout", "accounts.sessions"),
    "accounts.holds",
    *("sls.cards", "sls.enrolment", "sls.login"),
    *("sls.methods.dsc_plus", "sls.policy", "sls.step_up"),
    "portal",
]

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(ROOMS_WITH_TASKS)
