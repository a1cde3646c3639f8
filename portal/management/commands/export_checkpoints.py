"""``manage.py export_checkpoints``: the signed checkpoints, to be kept off the house."""

from typing import Any

from accounts.audit import checkpoints
from portal.management.plain import PlainCommand


class Command(PlainCommand):
    """Writes every checkpoint."""

    help = (
        "Write every signed checkpoint of the audit as a line of JSON. Keep them where nobody who "
        "can write to the database can: verify_audit --checkpoints compares with them."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Oldest first."""
        for line in checkpoints.lines():
            self.stdout.write(line)
