"""Staff with roles, signed in at the console."""

from django.contrib.auth.models import Group
from django.test import Client
from django_otp.oath import totp

from accounts.users.models import User
from portal.console.rules import Role
from tests.cast import SEED, begin, person


def given(user: User, *roles: Role) -> User:
    """The user, with these roles."""
    user.groups.set([Group.objects.get_or_create(name=role.value)[0] for role in roles])
    return user


def at_desk(*roles: Role, name: str = "") -> Client:
    """A browser of somebody of staff with these roles, signed in."""
    username = name or f"staff_{'_'.join(roles) or 'none'}"
    user = User.objects.filter(username=username).first() or person(username, staff=True)
    given(user, *roles)
    client = Client()
    url = begin(client, username)
    assert client.post(f"{url}answer/", {"code": f"{totp(SEED):06d}"}).status_code == 302
    return client
