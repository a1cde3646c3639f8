import pytest

from accounts.audit.models import Entry
from accounts.challenges.models import Challenge
from accounts.client_accounts.models import ClientAccount, Membership
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.origin import SYSTEM
from accounts.outbox.models import Message
from accounts.users.models import User
from sls.enrolment.services import CannotOpen, Opening, open_account

pytestmark = pytest.mark.django_db


def opening(**changes) -> Opening:
    facts = {
        "username": "Nina.R",
        "name": "Nina Rossi",
        "email": "nina@EXAMPLE.com",
        "mobile": "+1 415 555 0111",
        "account": "U2000001",
        "language": "en",
    }
    return Opening(**{**facts, **changes})


def run(**changes) -> User:
    return open_account(opening=opening(**changes), origin=SYSTEM, actor="staff:command")


def test_makes_a_user_who_cannot_sign_in_yet():
    user = run()
    assert (user.username, user.is_staff, user.activated_at) == ("nina.r", False, None)
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).address == "nina@example.com"
    phone = PhoneNumber.objects.get(user=user)
    assert (phone.number, phone.verified_at, phone.primary) == ("+14155550111", None, False)
    assert Membership.objects.get(user=user).role == "owner"
    assert ClientAccount.objects.get(number="U2000001").entity == "US"


def test_mails_a_code_and_records_who_did_it():
    user = run()
    message = Message.objects.get(user=user)
    content = message.content()
    assert (message.channel, message.to) == ("email", "nina@example.com")
    assert Challenge.objects.get(user=user).code() in content["text"]
    assert "http" not in content["text"] + content["html"]
    assert "Type localhost:8000 into the address bar" in content["text"]
    events = Entry.objects.filter(user=user).order_by("number").values_list("event", "actor")
    assert list(events) == [
        ("account.opened", "staff:command"),
        ("account.activation_code_sent", "staff:command"),
    ]


def test_follows_the_country_of_the_number():
    user = run(mobile="+81 90 1234 5678", language="ja")
    assert (user.language, user.zone) == ("ja", "Asia/Tokyo")
    assert ClientAccount.objects.get().entity == "JP"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"username": "x"}, "is not a user name"),
        ({"username": "nina rossi"}, "is not a user name"),
        ({"name": " "}, "name is empty"),
        ({"email": "nina"}, "e-mail address is refused: That is not a valid"),
        ({"mobile": "555 0111"}, "mobile number is refused: Start with [+] and the country code"),
        ({"mobile": "+1 900 555 0111"}, "mobile number is refused: That is a premium"),
        (
            {"mobile": "+7 912 345 67 89"},
            "mobile number is refused: Codes cannot be sent to telephone numbers of that country",
        ),
        ({"account": "2000001"}, "is not an account number"),
        ({"language": "tlh"}, "is not one of en, ja"),
    ],
)
def test_refuses_in_one_line_and_writes_nothing(changes, line):
    with pytest.raises(CannotOpen, match=line):
        run(**changes)
    assert not User.objects.exists()


def test_refuses_a_name_or_account_that_is_taken(alice):
    with pytest.raises(CannotOpen, match="user alice already"):
        run(username="ALICE")
    with pytest.raises(CannotOpen, match="U1000001 is open already"):
        run(account="U1000001")
    assert User.objects.count() == 1


def test_opens_nothing_without_a_mail(settings, alice):
    settings.SENDS_PER_NUMBER_DAY = 2
    for last in range(2):
        run(username=f"nina{last}", account=f"U300000{last}")
    with pytest.raises(CannotOpen, match="no code may be mailed"):
        run()
    assert User.objects.by_name("nina.r") is None


def test_is_not_limited_by_the_address_of_a_browser(settings):
    settings.SENDS_PER_ADDRESS_HOUR = 1
    for last in range(3):
        run(username=f"nina{last}", account=f"U200000{last}", email=f"nina{last}@example.com")
    assert Message.objects.count() == 3
