"""The pages of the users of an account."""

import pytest
from django.test import Client

from accounts.challenges.models import Challenge
from accounts.client_accounts import services as client_accounts
from accounts.client_accounts.models import ClientAccount, Membership, Role
from accounts.outbox.models import Message
from accounts.users.models import User
from sls.step_up import services
from tests.cast import person

pytestmark = pytest.mark.django_db
USERS = "/settings/account/users/"
NUMBER = "U1000001"
ADD, INVITE = f"{USERS}{NUMBER}/add/", f"{USERS}{NUMBER}/invite/"
NEW = {
    "username": "trudy",
    "name": "Trudy Example",
    "email": "trudy@example.com",
    "mobile": "+1 415 555 0144",
    "role": "trader",
}


@pytest.fixture
def inside(client, alice, sign_in) -> Client:
    """Alice, the owner, signed in."""
    return sign_in(client, alice)


@pytest.fixture
def proven(monkeypatch) -> None:
    """Every sensitive request has its grant."""
    monkeypatch.setattr(services, "take_grant", lambda **_request: services.Grant(""))


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def role_of(username: str) -> str | None:
    found = Membership.objects.filter(user__username=username, account__number=NUMBER)
    return found.values_list("role", flat=True).first()


class TestList:
    def test_shows_everybody_and_the_entity(self, inside, carol, bob):
        page = text(inside, USERS)
        for said in ("alice", "carol", "Trader", "Example Brokerage LLC", "2 of 5 users"):
            assert said in page
        assert "bob" not in page

    def test_tells_others_who_looks_after_it(self, client, carol, sign_in):
        page = text(sign_in(client, carol), USERS)
        assert "The owner of your account looks after its users: Alice Example." in page
        assert ADD not in page

    def test_says_when_it_is_full(self, inside, carol, settings):
        settings.ACCOUNT_USERS = {"individual": 2, "institution": 2}
        page = text(inside, USERS)
        assert "No more can be added." in page
        assert ADD not in page

    def test_marks_a_second_user_name(self, inside, alice, carol):
        User.objects.update(person="P-1")
        assert "Second user name: never moves money" in text(inside, USERS)

    def test_costs_as_much_for_many(self, inside, alice, counted_queries):
        account = ClientAccount.objects.get(number=NUMBER)
        for number in range(4):
            client_accounts.grant(account=account, user=person(f"user{number}"), role=Role.VIEWER)
        with counted_queries(most=3):
            inside.get(USERS)

    def test_settings_lead_there(self, inside):
        assert USERS in text(inside, "/settings/trading/")


class TestProof:
    @pytest.mark.parametrize("path", [ADD, INVITE])
    def test_adding_asks_for_one(self, inside, path):
        assert inside.post(path, NEW)["Location"].startswith("/step-up/")
        assert role_of("trudy") is None

    def test_says_what_is_to_be_proven(self, inside, carol):
        one = Membership.objects.get(user=carol)
        held = inside.post(f"{USERS}{one.pk}/role/", {"role": "viewer"})["Location"]
        said = "Change the role of carol on account U1000001 to: View only"
        assert said in text(inside, held)

    def test_asks_for_none_in_vain(self, inside, alice):
        one = Membership.objects.get(user=alice)
        response = inside.post(f"{USERS}{one.pk}/remove/", follow=True)
        assert "An account always has an owner" in response.content.decode()


@pytest.mark.usefixtures("proven")
class TestChange:
    def test_an_existing_user_name_is_added(self, inside, bob):
        fields = {"username": "Bob", "email": "BOB@example.com", "role": "viewer"}
        page = inside.post(ADD, fields, follow=True).content.decode()
        assert "bob is on the account now, as: View only." in page
        assert role_of("bob") == "viewer"

    @pytest.mark.parametrize(
        ("username", "email"),
        [
            ("bob", "carol@example.com"),
            ("nobody", "bob@example.com"),
            ("bob", ""),
            ("sam", "sam@example.com"),
        ],
    )
    def test_which_of_name_and_address_is_wrong_is_not_said(
        self, inside, bob, sam, username, email
    ):
        fields = {"username": username, "email": email, "role": "viewer"}
        page = inside.post(ADD, fields).content.decode()
        assert "There is no such user name with that e-mail address." in page
        assert role_of(username) is None

    def test_somebody_new_is_invited_and_can_activate(self, inside, alice):
        page = inside.post(INVITE, NEW, follow=True).content.decode()
        assert "trudy is on the account now, as: Trader." in page
        assert "Not activated yet" in page
        trudy = User.objects.get(username="trudy")
        assert not trudy.has_usable_password()
        assert Message.objects.filter(to="trudy@example.com", name="activation").exists()
        code = Challenge.objects.get(user=trudy).code()
        begun = Client().post("/activate/", {"username": "trudy", "code": code})
        assert begun.status_code == 302

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("username", "", "Enter a user name."),
            ("username", "a b", "A user name has 3 to 32"),
            ("username", "alice", "That user name is taken."),
            ("name", " ", "Enter the name."),
            ("email", "x", "not a valid e-mail address"),
            ("mobile", "12", "Start with +"),
            ("role", "king", "Choose a role."),
        ],
    )
    def test_a_refused_invitation_says_why(self, inside, field, value, said):
        page = inside.post(INVITE, NEW | {field: value}).content.decode()
        assert said in page
        assert User.objects.filter(username="trudy").count() == 0

    def test_a_full_account_invites_nobody(self, inside, settings):
        settings.ACCOUNT_USERS = {"individual": 1, "institution": 1}
        page = inside.post(INVITE, NEW).content.decode()
        assert "takes no more" in page
        assert not User.objects.filter(username="trudy").exists()
        assert not Message.objects.filter(to="trudy@example.com").exists()

    def test_a_role_is_changed(self, inside, carol):
        one = Membership.objects.get(user=carol)
        assert "Trader" in text(inside, f"{USERS}{one.pk}/")
        page = inside.post(f"{USERS}{one.pk}/role/", {"role": "viewer"}, follow=True)
        assert "carol is now: View only." in page.content.decode()
        assert role_of("carol") == "viewer"

    def test_an_unknown_role_is_refused(self, inside, carol):
        one = Membership.objects.get(user=carol)
        page = inside.post(f"{USERS}{one.pk}/role/", {"role": "king"}, follow=True)
        assert "Choose a role." in page.content.decode()
        assert role_of("carol") == "trader"

    def test_a_user_is_taken_off(self, inside, carol):
        one = Membership.objects.get(user=carol)
        page = inside.post(f"{USERS}{one.pk}/remove/", follow=True).content.decode()
        assert "carol is no longer on account U1000001." in page
        assert role_of("carol") is None

    def test_an_officer_changes_nothing_about_an_owner(self, client, alice, sign_in):
        officer = person("olga", mobile="+14155550112")
        account = ClientAccount.objects.get(number=NUMBER)
        client_accounts.grant(account=account, user=officer, role=Role.SECURITY_OFFICER)
        sign_in(client, officer)
        one = Membership.objects.get(user=alice)
        assert "Owners of the account alone" in text(client, f"{USERS}{one.pk}/")
        page = client.post(f"{USERS}{one.pk}/remove/", follow=True).content.decode()
        assert "Owners of the account alone" in page
        assert role_of("alice") == "owner"

    def test_an_officer_makes_no_owner(self, client, alice, bob, sign_in):
        officer = person("olga", mobile="+14155550112")
        account = ClientAccount.objects.get(number=NUMBER)
        client_accounts.grant(account=account, user=officer, role=Role.SECURITY_OFFICER)
        fields = {"username": "bob", "email": "bob@example.com", "role": "owner"}
        page = sign_in(client, officer).post(ADD, fields).content.decode()
        assert "Choose a role." in page
        assert role_of("bob") is None
