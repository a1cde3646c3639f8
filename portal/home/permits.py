"""What the one decision says of somebody, asked for every interface, action and method.

The facts are those that a session would bring (``sls.decisions.services``); what is decided comes
from ``sls.decisions.rules.decide`` alone. Nothing is asked for here, nothing recorded.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.conf import settings

from accounts.client_accounts import rules as roles
from accounts.client_accounts.models import Membership
from accounts.client_accounts.rules import Right
from accounts.holds.models import Hold
from accounts.users.models import User
from sls.decisions import rules, services, withdrawing
from sls.decisions.rules import Action, Decision, Facts, Money, Outcome, Reason
from sls.methods import registry
from sls.methods.protocol import DeviceRow
from sls.withdrawals import services as withdrawals
from sls.withdrawals.rules import Spent

ACTION = {
    Right.VIEW: Action.VIEW,
    Right.TRADE: Action.ORDER,
    Right.FUND: Action.WITHDRAW,
    Right.SETTINGS: Action.SETTINGS,
}
CENT = Decimal("0.01")
_RANK = (Outcome.REFUSED, Outcome.HELD, Outcome.STEP_UP, Outcome.ALLOWED)


class Known:
    """What is known of ``user``, whose roles and holds (the longest first) were read before; the
    rest is read once, when it is asked for."""

    def __init__(
        self, user: User, memberships: Sequence[Membership], held: Sequence[Hold], now: datetime
    ) -> None:
        self.user, self._memberships, self._holds, self._now = user, memberships, held, now
        self._table, self._high = withdrawals.table(), Decimal(settings.HIGH_VALUE_USD)

    @cached_property
    def devices(self) -> list[DeviceRow]:
        """The authenticators that the user has. One query."""
        return registry.devices(self.user.pk)

    @cached_property
    def methods(self) -> list[str]:
        """Their methods, the strongest first."""
        codes = dict.fromkeys(row.method for row in self.devices)
        return sorted(codes, key=lambda code: -registry.get(code).strength)

    @cached_property
    def _proving(self) -> dict[str, bool]:
        return services.held(self.devices)

    @cached_property
    def _spent(self) -> dict[str, Spent]:
        numbers = [one.account.number for one in self._memberships]
        return withdrawing.spent_of(numbers, self._now)

    def hold(self, action: Action) -> Hold | None:
        """The hold on ``action`` that lasts longest."""
        stops = services.STOPS[action]
        return next((one for one in self._holds if one.what in stops), None)

    def best(self, action: Action, platform: str) -> Decision:
        """The widest decision on any of the user's accounts, of the smallest amount there is."""
        decisions = [
            rules.decide(action, facts, now=self._now, money=self._money(action, one, CENT))
            for one in self._memberships
            for facts in [self._facts(action, platform, one)]
        ]
        nothing = Decision(Outcome.REFUSED, Reason.ROLE)
        return max(decisions, key=lambda one: _RANK.index(one.outcome), default=nothing)

    def provable(self, method: str, platform: str) -> Decimal | None:
        """How much may leave today by a proof of ``method`` on the platform: infinite without a
        limit, None where nothing may."""
        found = [self._provable(method, platform, one) for one in self._memberships]
        return max((most for most in found if most is not None), default=None)

    def _provable(self, method: str, platform: str, one: Membership) -> Decimal | None:
        facts = replace(self._facts(Action.WITHDRAW, platform, one), proof=method)

        def put(amount: Decimal) -> Decision:
            money = self._money(Action.WITHDRAW, one, amount)
            return rules.decide(Action.WITHDRAW, facts, now=self._now, money=money)

        decision = put(CENT)
        if decision.outcome is not Outcome.ALLOWED:
            return None
        left = (decision.left.day, decision.left.five_days)
        most = min((one + CENT for one in left if one is not None), default=Decimal("Infinity"))
        high = put(self._high)
        # From there on a phone does not prove alone what it asks for itself.
        return min(most, self._high - CENT) if high.reason is Reason.PHONE else most

    def _facts(self, action: Action, platform: str, one: Membership) -> Facts:
        user, stops, number = self.user, services.STOPS[action], one.account.number
        return Facts(
            platform=platform,
            may=roles.rights(one.role, second_name=one.second_name),
            # Tokens of programs are no session.
            offered=roles.OFFERS[platform] if platform else roles.TOKENS_OFFER,
            method="",
            held=self._proving,
            holds=[
                hold.until
                for hold in self._holds
                if hold.what in stops and (hold.user_id == user.pk or hold.account == number)
            ],
            password_demanded=user.password_demanded_at is not None,
            automation_stopped=user.automation_stopped_at is not None,
            opted_out=user.opted_out,
            narrowed=services.narrowed(user, platform),
            for_algorithms=one.account.for_algorithms,
            opens_at=one.account.money_opens_at,
        )

    def _money(self, action: Action, one: Membership, amount: Decimal) -> Money | None:
        if action is not Action.WITHDRAW:
            return None
        return Money(amount, self._spent[one.account.number], self._table, self._high)
