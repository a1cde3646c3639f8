"""Wires of the site: its checks, and what it hears."""

from django.apps import AppConfig
from django.core.checks import register

from portal import checks


class PortalConfig(AppConfig):
    """The site itself; it has no tables."""

    name = "portal"

    def ready(self) -> None:
        """Registers the refusals, and connects what the console hears."""
        from accounts.audit.signals import recorded
        from accounts.outbox.signals import breaker
        from portal.console import telling

        breaker.connect(telling.spending_stopped, dispatch_uid="console.spending_stopped")
        recorded.connect(telling.hook_gone, dispatch_uid="console.hook_gone")
        for check in checks.ALL:
            register(check)
