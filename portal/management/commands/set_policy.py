"""``manage.py set_policy``: from which day on whom signing in takes a passkey."""

from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management import CommandError, CommandParser

from accounts.client_accounts.models import LegalEntity
from accounts.origin import SYSTEM
from accounts.users.models import User
from portal.management.plain import PlainCommand
from sls.policy import services
from sls.policy.services import CannotSet, Subject

ACTOR = "staff:command"


def day(text: str) -> date:
    """A day as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day; write YYYY-MM-DD") from None


class Command(PlainCommand):
    """Makes, announces or withdraws a policy."""

    help = (
        "Phishing-resistant only: from a day on, signing in takes a passkey for one user, for a "
        "role, or for the clients of a legal entity. Of several policies that cover somebody the "
        "earliest counts, and a day begins where the person is. With --announce the policy is made "
        "and everybody whom it covers is told by mail within minutes, again 7 days and 1 day "
        f"before, and by a banner; it needs {settings.POLICY_NOTICE_DAYS} days of notice. --now "
        "does without the notice and needs a --reason. Whoever has no passkey when the day comes "
        "can still sign in, only to add one. Without --announce, --now or --withdraw nothing is "
        "changed: the command says how many people it would cover. Every act is audited."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """For whom, from when, and what is to be done."""
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("--user", metavar="USERNAME", help="one person")
        whom.add_argument("--role", choices=services.ROLES, help="everybody who has this role")
        whom.add_argument("--entity", choices=LegalEntity.values, help="clients of this company")
        parser.add_argument(
            *("--from", "--begins"),
            dest="begins",
            metavar="DAY",
            type=day,
            help="first day, as YYYY-MM-DD (with --now: today unless given)",
        )
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--announce", action="store_true", help="make it and tell everybody")
        what.add_argument("--now", action="store_true", help="make it without the notice")
        what.add_argument("--withdraw", action="store_true", help="end the one there is")
        parser.add_argument("--reason", default="", help="kept in the audit; name the ticket")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line on success, one line on refusal."""
        subject, reason = self._subject(options), options["reason"].strip()
        try:
            if options["withdraw"]:
                policy = services.withdraw(
                    subject=subject, reason=reason, origin=SYSTEM, actor=ACTOR
                )
                self.stdout.write(f"{policy} withdrawn")
                return
            begins = self._begins(options)
            if not (options["announce"] or options["now"]):
                self._preview(subject, begins)
                return
            policy = services.make(
                subject=subject,
                begins=begins,
                reason=reason,
                at_once=options["now"],
                origin=SYSTEM,
                actor=ACTOR,
            )
        except CannotSet as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{policy}: made, and will be mailed; {self._people(subject)}")

    def _subject(self, options: dict[str, Any]) -> Subject:
        if not options["user"]:
            return Subject(role=options["role"] or "", entity=options["entity"] or "")
        user = User.objects.by_name(options["user"])
        if user is None:
            raise CommandError(f"there is no user {options['user']}")
        return Subject(user=user)

    def _begins(self, options: dict[str, Any]) -> date:
        if options["begins"] is not None:
            return options["begins"]
        if options["now"]:
            return services.today_everywhere()
        raise CommandError("say from which day on: --from YYYY-MM-DD")

    def _preview(self, subject: Subject, begins: date) -> None:
        self.stdout.write(
            f"nothing was changed (add --announce); from {begins} on {self._people(subject)}"
        )

    def _people(self, subject: Subject) -> str:
        people = services.audience(subject)
        without = people.filter(holds_strong=False).count()
        return f"people covered: {people.count()}, without a passkey: {without}"
