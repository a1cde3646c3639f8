import pytest
from django.contrib.auth.hashers import check_password

from accounts.audit.models import Entry
from accounts.origin import Origin
from accounts.passwords import services, wording
from accounts.passwords.rules import Reason
from accounts.users.models import User

pytestmark = pytest.mark.django_db
ORIGIN = Origin(address="203.0.113.7")


@pytest.fixture
def nina(newcomer) -> User:
    newcomer.set_unusable_password()
    newcomer.save()
    return newcomer


def test_sets_the_first_password_and_records_it(nina):
    assert services.set_initial(user=nina, password="lantern-orbit-cactus", origin=ORIGIN) == []
    nina.refresh_from_db()
    assert check_password("lantern-orbit-cactus", nina.password)
    assert Entry.objects.get(user=nina, event="password.set").detail == {}


def test_hashes_the_composed_form(nina):
    services.set_initial(user=nina, password="cafe\u0301 lantern orbit", origin=ORIGIN)
    nina.refresh_from_db()
    assert check_password("caf\u00e9 lantern orbit", nina.password)


def test_knows_contacts_of_the_person(nina):
    for password in ("nina and the tramway", "call 5550111 this evening"):
        found = services.set_initial(user=nina, password=password, origin=ORIGIN)
        assert found == [Reason.PERSONAL]
    nina.refresh_from_db()
    assert not nina.has_usable_password()


def test_does_not_replace_a_password(alice):
    with pytest.raises(services.AlreadySet):
        services.set_initial(user=alice, password="another-orbit-lantern", origin=ORIGIN)


def test_every_reason_has_a_sentence():
    assert all(wording.of_reason(reason).endswith(".") for reason in Reason)


def test_a_common_password_is_not_also_told_what_it_is_made_of():
    told = wording.of_reasons([Reason.TOO_SHORT, Reason.COMMON, Reason.KEYBOARD])
    assert told == [wording.of_reason(Reason.TOO_SHORT), wording.of_reason(Reason.COMMON)]
    assert wording.of_reasons([Reason.KEYBOARD]) == [wording.of_reason(Reason.KEYBOARD)]
