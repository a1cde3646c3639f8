"""Is the process up, and can it do its work: ``/healthz`` and ``/readyz``."""

import logging
import time
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from portal.celery import app

HEARTBEAT_KEY = "worker_heartbeat"
HEARTBEAT_FRESH = 20  # seconds; beat sends one every 5

log = logging.getLogger(__name__)


def beat() -> None:
    """Called in a worker: a worker is alive now."""
    cache.set(HEARTBEAT_KEY, time.time(), 4 * HEARTBEAT_FRESH)


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _cache() -> None:
    cache.get(HEARTBEAT_KEY)


def _broker() -> None:
    with app.connection_for_write() as link:
        link.ensure_connection(max_retries=0, timeout=1)
        link.default_channel.client.ping()


def _worker() -> None:
    last = cache.get(HEARTBEAT_KEY)
    if last is None or time.time() - last >= HEARTBEAT_FRESH:
        raise LookupError("no heartbeat of a worker")


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "cache": _cache,
    "broker": _broker,
    "worker": _worker,
}


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process serves, whatever else is down."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, cache, broker and a worker answer; else 503 naming what fails.

    Says which part, never why: the reason stands in the log.
    """
    failing = [name for name, check in CHECKS.items() if not _passes(name, check)]
    return JsonResponse({"ready": not failing, "failing": failing}, status=503 if failing else 200)


def _passes(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception as error:  # noqa: BLE001  (any failure means not ready)
        log.warning("not ready: %s: %s", name, type(error).__name__)
        return False
    return True
