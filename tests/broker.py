"""A broker that cannot be published to, while workers keep their connections."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from portal.celery import app
from tests.emulator_process import free_port


@contextmanager
def away() -> Iterator[None]:
    """Inside, publishing finds nobody. Each time a port of its own: a pool is kept by address."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app.conf, "broker_write_url", f"redis://localhost:{free_port()}/0")
        patch.setattr(app, "_pool", None)
        patch.setattr(app.amqp, "_producer_pool", None)
        yield
        app.amqp.producer_pool.force_close_all()
