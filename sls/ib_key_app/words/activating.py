"""What is said while a user comes onto this phone."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "empty.title": _("Your phone, your key"),
    "empty.lead": _(
        "IB Key confirms your sign-ins on this phone. It also works abroad and with no network."
    ),
    "empty.activate": _("Activate IB Key"),
    "empty.migrate": _("Migrate IB Key"),
    "empty.migrate_text": _("From another phone, which you do not need"),
    "empty.again": _("Reactivate IB Key"),
    "empty.again_text": _("After reinstalling, or after data was cleared"),
    "empty.session": _("Use a session ID"),
    "empty.session_text": _("From the portal, under its QR code"),
    "empty.pages": _("The real address of this app is {host}."),
    "resume.title": _("The activation for {username} is not finished"),
    "resume.go": _("Go on"),
    "resume.drop": _("Drop it"),
    "add.new": _("Activate IB Key"),
    "add.new_lead": _("It takes about two minutes."),
    "add.migrate": _("Migrate IB Key"),
    "add.migrate_lead": _(
        "Everything happens on this phone. The old one stops to confirm sign-ins by itself."
    ),
    "add.again": _("Reactivate IB Key"),
    "add.again_lead": _("The keys of before are gone for good, so this phone gets new ones."),
    "add.step1": _("Give your username and password."),
    "add.step2": _("Receive an activation code at your mobile number."),
    "add.step3": _("Choose Face ID, Touch ID, fingerprint or a PIN."),
    "add.step4": _("From then on this phone confirms your sign-ins."),
    "add.only": _(
        "IB Key of a user is active on one phone only. One phone may serve several users."
    ),
    "add.credentials": _("Account credentials"),
    "add.credentials_lead": _("The same as for the portal."),
    "add.username": _("Username"),
    "add.password": _("Password"),
    "add.both": _("Give your username and your password."),
    "add.address": _("Only ever type it at {host}."),
    "session.title": _("Session ID"),
    "session.lead": _("The portal shows it under the QR code. It works once and for five minutes."),
    "session.id": _("Session ID"),
    "session.hint": _("Eight letters and digits"),
    "session.eight": _("A session ID has eight letters and digits."),
    "replaces.title": _("Migrate IB Key to this phone?"),
    "replaces.lead": _(
        "IB Key of {username} is active on another phone. As soon as this one is ready, "
        "the other stops."
    ),
    "replaces.keep": _("Keep the other phone"),
    "number.title": _("Where should the code go?"),
    "number.lead": _("An activation code comes by text message."),
    "number.primary": _("Primary number"),
    "number.get": _("Get Activation Code"),
    "code_step.title": _("Activation code"),
    "code_step.sent": _("Sent by text message to {number}. It lives for 10 minutes."),
    "code_step.called": _("We are calling {number}. The code lives for 10 minutes."),
    "code_step.reference": _("Reference of the message"),
    "code_step.label": _("Activation Code"),
    "code_step.six": _("An activation code has six digits."),
    "code_step.activate": _("Activate"),
    "code_step.send": _("Send"),
    "code_step.nothing": _("Didn't receive a code?"),
    "code_step.left": _("Sends left: {count}"),
    "code_step.again": _("Send again"),
    "code_step.call": _("Call me"),
    "card.title": _("Answer with your card"),
    "card.lead": _(
        "You hold a Digital Security Card+, so it confirms you instead of a text message."
    ),
    "card.label": _("Response string"),
    "card.eight": _("A response string has eight digits."),
    "element.title": _("What keeps IB Key closed?"),
    "element.lead": _("It is asked for each time before this phone answers with a code."),
    "element.biometrics": _("Face ID, Touch ID or fingerprint"),
    "element.biometrics_text": _("The lock of this phone. Nothing to remember."),
    "element.pin": _("PIN"),
    "element.pin_text": _("4 to 6 characters. It is never kept on the phone."),
    "element.none": _("This phone offers no biometrics to websites."),
    "pin.choose": _("Choose a PIN"),
    "pin.choose_lead": _("Without it nobody can make a response string, not even with your phone."),
    "pin.label": _("PIN"),
    "pin.rule": _("4 to 6 letters and digits, at least one digit."),
    "pin.again": _("PIN once more"),
    "pin.differ": _("The two PINs are not the same."),
    "added.title": _("IB Key is active"),
    "added.lead": _("This phone now confirms the sign-ins of {username}."),
    "added.replaced": _("The phone of before confirms nothing any more."),
    "added.push": _("With notifications a request shows itself. Without them you open IB Key."),
    "pending.title": _("One step is missing"),
    "pending.lead": _(
        "The activation for {username} was interrupted. Finish it within ten minutes of its start."
    ),
    "pending.go": _("Finish"),
    "pending.drop": _("Start again"),
}
