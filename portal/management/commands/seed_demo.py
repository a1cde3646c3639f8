"""``manage.py seed_demo``: the people of the demo."""

import json
from typing import Any

from django.conf import settings
from django.core.management import CommandError

from portal import demo_cards
from portal.demo_cast import CAST, PASSWORD, seed
from portal.management.plain import PlainCommand


class Command(PlainCommand):
    """Writes the demo cast; what is there already stays as it is."""

    help = (
        "Write the demo cast: alice, bob, carol and dai (clients), sam, tess and uma (staff), "
        "activated, with verified contacts and a second factor each. Safe to repeat; refused in "
        "production, where everybody would know the password."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """One line."""
        if settings.PRODUCTION:
            raise CommandError("the demo cast is not for production")
        made = seed()
        settings.DEMO_DIR.mkdir(parents=True, exist_ok=True)
        # Whose telephones the emulator lists; it reads no database.
        names = {person.mobile: person.name for person in CAST}
        (settings.DEMO_DIR / "handsets.json").write_text(json.dumps(names), encoding="utf-8")
        demo_cards.seed(settings.DEMO_DIR)
        people = ", ".join(made) if made else "nobody new"
        self.stdout.write(f"demo cast: {people} (password {PASSWORD})")
