"""Alice lets Bob trade on her account, and then only look."""

from tests.cast import PASSWORD

ALICE = "+14155550101"


def test_a_trader_is_added_and_may_then_only_look(person, alice, bob, settings):
    settings.FIRST_RESEND_AFTER = settings.RESEND_AFTER = 0
    person.give_password("alice")
    person.give_code(person.read_code(ALICE))
    person.is_in()
    person.open("/settings/trading/")
    person.page.get_by_role("link", name="See – Account users").click()
    person.sees("1 of 5 users")
    person.page.get_by_role("link", name="Add an existing user name").click()
    person.fill(username="bob", email="bob@example.com")
    person.page.get_by_label("Trader").check()
    person.press("Add to the account")

    person.sees("Let bob act on account U1000001 (Trader)")
    person.fill(password=PASSWORD)
    person.press("Continue")
    person.give_code(person.read_code(ALICE, count=2))
    person.press("Confirm")
    person.sees("bob is on the account now, as: Trader.")
    person.sees("2 of 5 users")
    for address in ("alice@example.com", "bob@example.com"):
        told = person.read_mail(address, "may act on account U1000001 now")
        assert "Role: Trader." in told

    # The proof still holds: no second one.
    person.page.get_by_role("link", name="Change – bob").click()
    person.page.get_by_label("View only").check()
    person.press("Change the role")
    person.sees("bob is now: View only.")
    person.read_mail("bob@example.com", "is now: View only")

    # The owner who is alone cannot go.
    person.page.get_by_role("link", name="Change – alice").click()
    person.press("Remove from the account")
    person.sees("An account always has an owner")
