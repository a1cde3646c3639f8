from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, OuterRef, Q, Value, When

from accounts.client_accounts.models import Membership
from sls.policy.rules import Stage

CLIENT, STAFF = "client", "staff"


class PolicyQuerySet(models.QuerySet["Policy"]):
    def in_hand(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(ended_at=None)

    def of_one(self) -> Self:
        """In a query of users: those made for this very user."""
        return self.in_hand().filter(user=OuterRef("pk"))

    def of_many(self) -> Self:
        """In a query of users: those for a role that the user has, or for an entity that holds
        one of their accounts."""
        is_staff = ExpressionWrapper(OuterRef("is_staff"), output_field=models.BooleanField())
        kind = Case(When(is_staff, then=Value(STAFF)), default=Value(CLIENT))
        memberships = Membership.objects.filter(
            Q(role=OuterRef("role")) | Q(account__entity=OuterRef("entity")),
            user=OuterRef(OuterRef("pk")),
        )
        return self.in_hand().filter(Q(role=kind) | Exists(memberships), user=None)


class Policy(models.Model):
    """Signing in takes a passkey from a day on: for one user, a role, or an entity's clients.

    ``role`` is "client", "staff" or a role on an account. ``told_to`` is how far the round of
    mails that is under way has come (the id of a user), 0 when none is.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(max_length=20, blank=True)
    entity = models.CharField(max_length=2, blank=True)
    begins = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    announced_at = models.DateTimeField(null=True)
    week_before_at = models.DateTimeField(null=True)
    day_before_at = models.DateTimeField(null=True)
    told_to = models.BigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, role="", entity="")
                | (Q(user__isnull=True, entity="") & ~Q(role=""))
                | (Q(user__isnull=True, role="") & ~Q(entity="")),
                name="policy_covers_one_thing",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ended_at__isnull=True, user__isnull=False),
                name="one_policy_per_user",
            ),
            models.UniqueConstraint(
                fields=["role", "entity"],
                condition=Q(ended_at__isnull=True, user__isnull=True),
                name="one_policy_per_role_or_entity",
            ),
        ]
        indexes = [
            models.Index(
                fields=["made_at"], name="policies_to_announce", condition=Q(announced_at=None)
            ),
            models.Index(fields=["begins"], name="policies_to_come", condition=Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"passkey only for {self.covers} from {self.begins}"

    @property
    def covers(self) -> str:
        """Whom it is for, as operators write it: "user alice", "role staff", "entity JP"."""
        if self.user_id is not None:
            return f"user {self.user.username}"
        return f"role {self.role}" if self.role else f"entity {self.entity}"

    @property
    def told(self) -> set[Stage]:
        """What everybody was told already."""
        return {stage for stage, field in TOLD.items() if getattr(self, field) is not None}


TOLD = {Stage.MADE: "announced_at", Stage.WEEK: "week_before_at", Stage.DAY: "day_before_at"}
