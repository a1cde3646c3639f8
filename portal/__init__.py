"""The site: settings, addresses of pages, the worker, and what an operator looks at.

Importing the package makes the Celery app known; without it ``shared_task`` would silently talk
AMQP to port 5672.
"""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
