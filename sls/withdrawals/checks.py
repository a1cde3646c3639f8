"""Refuses a table in which no row is higher than another."""

from typing import Any

from django.core.checks import CheckMessage, Error

from sls.withdrawals import rules, services


def crossing_limits(**_kwargs: Any) -> list[CheckMessage]:
    """One error for a table whose rows cross."""
    rows = rules.crossing(services.table())
    if rows is None:
        return []
    names = " and ".join(f"WITHDRAWALS_{row.upper()}" for row in rows)
    return [
        Error(
            f"{names}: one allows more a day, the other more in five business days.", id="sls.E001"
        )
    ]
