"""Querysets of authenticators in the shape that ``registry.devices`` joins."""

from django.db.models import BooleanField, CharField, QuerySet, Value


def unsent[Q: QuerySet](devices: Q) -> Q:
    """Authenticators that make their answers themselves: nothing is sent to them anywhere."""
    return devices.annotate(
        destination=Value("", output_field=CharField()),
        takes_sms=Value(False, output_field=BooleanField()),
    )
