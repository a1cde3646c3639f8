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

    # A new way to sign in was asked for without the old ones, and is waited for.
    recovering = models.BooleanField(default=False)

    # Since when nothing is let in and everything waits, because the owner said that it was not they
    # (the room freeze, which alone writes it).
    frozen_at = models.DateTimeField(null=True, editable=False)

    # Of the room api_tokens, which alone writes them: since when no token may call, and after how
    # many days without a sign-in that happens by itself.
    automation_stopped_at = models.DateTimeField(null=True, editable=False)
    automation_days = models.PositiveSmallIntegerField(null=True, editable=False)

    # Of the room sessions, which alone writes it: the hour of Sunday, where the person is, at which
    # trading platforms ask for a new sign-in; None for the usual one.
    week_hour = models.PositiveSmallIntegerField(null=True, editable=False)

    # Of ``client_accounts/phones.py``, which alone writes them: the person's phones only look, or
    # move no money.
    phone_views_only = models.BooleanField(default=False, db_default=False, editable=False)
    phone_moves_no_money = models.BooleanField(default=False, db_default=False, editable=False)

    # The brokerage's number of the person: equal where birth date, citizenship, residence and
    # identity document are. "" where it is not known.
    person = models.CharField(max_length=64, blank=True)

    # Of the room callers, which alone writes it: until when somebody of staff may be talking to
    # them, so that no page asks for that without need.
    called_until = models.DateTimeField(null=True, editable=False)

    # Of the room ip_restrictions, which alone writes them: a request needs them at once. What the
    # list was last changed by, "" where nothing is restricted; the address that the emergency door
    # lets in, until when, and until when the door is shut.
    restrictions = models.CharField(max_length=64, blank=True, editable=False)
    door_address = models.CharField(max_length=45, blank=True, editable=False)
    door_until = models.DateTimeField(null=True, editable=False)
    door_shut_until = models.DateTimeField(null=True, editable=False)

    # When they last said that their contacts are right, and when they put the question off until.
    contacts_confirmed_at = models.DateTimeField(null=True, blank=True)
    contacts_ask_at = models.DateTimeField(null=True, blank=True)
    password_at = models.DateTimeField(null=True, blank=True)  # since when it has been this one
    # Since when a session leads only to the page that changes the password.
    password_demanded_at = models.DateTimeField(null=True, blank=True)
    # Until when nothing is said about the age of the password, because the person put it off.
    password_reminder_until = models.DateTimeField(null=True, blank=True)

    # What is usual for the person's sign-ins, as ``sls/login/habits.py`` writes it.
    habits = models.CharField(max_length=400, blank=True)

    # Of the room alerts, which alone writes them but for the count of notices, which moves with
    # the audit chain: how many there were, how many were read, and up to which entry; the sealed
    # phrase that our messages carry; what was chosen of alerts; how often the digest comes.
    notices = models.PositiveIntegerField(default=0, editable=False)
    notices_read = models.PositiveIntegerField(default=0, editable=False)
    read_up_to = models.PositiveBigIntegerField(default=0, editable=False)
    phrase = models.BinaryField(null=True, editable=False)
    alert_choices = models.JSONField(default=dict, blank=True, editable=False)
    digest = models.CharField(max_length=6, default="weekly", editable=False)
    digested_at = models.DateTimeField(null=True, editable=False)

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

    @property
    def first_name(self) -> str:
        """What others are told of who of our staff it is; the user name where there is none."""
        return rules.first_name(self.name) or self.username

    def get_full_name(self) -> str:
        """The name in Django's words; templates ask for it."""
        return self.name

    @property
    def unread(self) -> int:
        """How many notices of the inbox were not read yet. No query."""
        return max(0, self.notices - self.notices_read)


@prepared
def _named(username: str) -> models.QuerySet[User]:
    return User.objects.filter(username=username)
