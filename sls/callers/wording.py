"""The sentences that staff read while somebody proves who they are."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.challenges.wording import Problem

# What staff say and do, by method.
SAY: dict[str, Promise] = {
    "ib_key": gettext_lazy(
        "Ask the caller to open IB Key and to type these digits there. Then press the button. "
        "Without a network, they choose Generate response and type the challenge."
    ),
    "dsc_plus": gettext_lazy(
        "Read the challenge out; it begins with 9, and the client may ask you whether it does. The "
        "caller types their PIN and the challenge into the card, and reads the response back."
    ),
    "authenticator_app": gettext_lazy(
        "Ask for the six digits that the app shows now. While you ask, the app signs in nowhere."
    ),
    "sms": gettext_lazy(
        "A code is on its way to the verified number. The message says that you ask for this one "
        "code. Ask for the letters and the digits."
    ),
}


def over() -> Problem:
    return Problem("over", _("This conversation takes no further answer."))


def no_way() -> Problem:
    return Problem("no_way", _("The client does not have that way any more. Choose another."))


def not_sent() -> Problem:
    return Problem(
        "not_sent",
        _("No more codes may be sent to that number for conversations today. Choose another way."),
    )


def too_often(retry_after: int) -> Problem:
    text = _("This client was asked too often in the last hour. Wait before you ask again.")
    return Problem("too_often", text, retry_after)


def refused() -> Problem:
    return Problem(
        "refused",
        _("The client refused on their telephone. Whoever is calling is not the client."),
    )
