from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from accounts.audit.models import Chained
from accounts.prepared import prepared
from accounts.users import rules


class UserManager(BaseUserManager["User"]):
    def by_name(self, name: str) -> "User | None":
        """The user of that name in any spelling, or None."""
        return _named.first(username=rules.canonical(name))

    def get_by_natural_key(self, username: str) -> "User":
        return self.get(username=rules.canonical(username))


class User(AbstractBaseUser, PermissionsMixin, Chained):
    """A person who signs in. Rows are never deleted: the audit hangs on them."""

    last_login = None  # session rows tell it better, and it would cost a write

    username = models.CharField(max_length=rules.NAME_MAX, unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, default="en")
    zone = models.CharField(max_length=40, default="America/New_York")
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    # Trading platforms by password alone, from older days. The portal never does that.
    opted_out = models.BooleanField(default=False)

    # The brokerage's number of the person: equal where birth date, citizenship, residence and
    # identity document are. "" where it is not known.
    person = models.CharField(max_length=64, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(username__regex=r"^[a-z0-9][a-z0-9._-]{2,31}$"),
                name="user_name_is_canonical",
            )
        ]

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        """The name in Django's words; templates ask for it."""
        return self.name


@prepared
def _named(username: str) -> models.QuerySet[User]:
    return User.objects.filter(username=username)
