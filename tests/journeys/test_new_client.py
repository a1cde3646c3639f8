"""From the opened account to the first sign-in."""

import re

from django.core.management import call_command

NINA = "+14155550111"
PASSWORD = "copper-violin-harvest-88"


def test_a_new_client_activates_and_signs_in_for_the_first_time(person):
    call_command(
        "open_account",
        *("--username", "nina", "--name", "Nina Rossi", "--email", "nina@example.com"),
        *("--mobile", NINA, "--account", "U2000001", "--language", "en"),
        verbosity=0,
    )
    mail = person.read_mail("nina@example.com", "activation code is")
    assert "http" not in mail
    code = re.search(r"^ +(\d{6})$", mail, re.M).group(1)

    person.open("/login/")
    person.page.get_by_role("link", name="Activate your access").click()
    person.fill(username="nina", code="000000" if code != "000000" else "111111")
    person.press("Continue")
    person.sees("do not belong together", "#error-summary")
    person.fill(username="nina", code=code)
    person.press("Continue")

    person.sees("Choose a password", "h1")
    person.sees("+1 415-555-0111")
    person.sees("Your carrier may charge for them. Reply STOP")
    person.fill(password="nina-rossi-2000")
    person.press("Save and send the code")
    person.sees("Please check this", "#error-summary")
    # The mail of an opened account proves nothing about the telephone: still nothing is sent.
    assert person.wire.messages(NINA) == []
    person.fill(password=PASSWORD)
    person.press("Save and send the code")

    person.sees("Check your phone", "h1")
    # While enrolling the number is whole: a typing error must be seen.
    person.sees("+1 415-555-0111", "#destination")
    person.open("/settings/")
    person.is_at("/login/?next=/settings/")
    person.page.go_back()
    person.give_code(person.read_code(NINA))
    person.is_in()
    person.sees("Nothing needs your attention", "h1")
    person.sees("U2000001")

    person.press("Log off")
    person.sees("You are logged off", "h1")
    person.give_password("nina", PASSWORD)
    # The spacing runs on across sign-ins: the page says when the text message goes.
    person.sees("+1 ... 11", "#destination")
    person.line_says("It will be sent in", status="queued")


def test_a_mistyped_number_is_replaced_before_it_is_verified(person):
    call_command(
        "open_account",
        *("--username", "nina", "--name", "Nina Rossi", "--email", "nina@example.com"),
        *("--mobile", "+14155550112", "--account", "U2000001", "--language", "en"),
        verbosity=0,
    )
    mail = person.read_mail("nina@example.com", "activation code is")
    person.open("/activate/")
    person.fill(username="nina", code=re.search(r"^ +(\d{6})$", mail, re.M).group(1))
    person.press("Continue")
    person.fill(password=PASSWORD)
    person.press("Save and send the code")
    person.page.get_by_role("link", name="Use a different number").click()
    person.fill(number="+1 900 555 1234")
    person.press("Continue")
    person.sees("premium", "#error-summary")
    person.fill(number="(415) 555-0111")
    person.press("Continue")
    person.sees("+1 415-555-0111", "#destination")
    person.give_code(person.read_code(NINA))
    person.is_in()
