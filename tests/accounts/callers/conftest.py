import pytest

from accounts.callers import services
from accounts.callers.models import Department, Talk, Topic
from accounts.origin import Origin

DESK = Origin(platform="console")


@pytest.fixture
def talk(alice, sam) -> Talk:
    """Sam is talking to Alice."""
    return opened(alice, sam)


def opened(user, staff, topic: Topic = Topic.SIGN_IN) -> Talk:
    return services.open_talk(
        user_id=user.pk,
        staff=staff,
        department=Department.SERVICES,
        topic=topic,
        origin=DESK,
    )
