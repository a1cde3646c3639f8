"""Wires of the site: its checks."""

from django.apps import AppConfig
from django.core.checks import register

from portal import checks


class PortalConfig(AppConfig):
    """The site itself; it has no tables."""

    name = "portal"

    def ready(self) -> None:
        """Registers the refusals."""
        for check in checks.ALL:
            register(check)
