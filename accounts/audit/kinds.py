"""Which events a reader looks for together. Pure."""

from enum import IntEnum


class Kind(IntEnum):
    """What an entry is about; the value is stored."""

    CHANGE = 1
    SIGN_IN = 2
    REFUSED = 3
    SENT = 4


# Sign-ins that somebody should look at: rare, so that an index holds them alone.
STRANGE = ("sign_in.unusual", "sign_in.new_device")
_SIGN_INS = {
    *("sign_in.started", "sign_in.done", "sign_in.new_device", "sign_in.unusual", "sign_in.out"),
    *("sign_in.unlocked", "session.ended", "session.locked", "session.unlocked", "door.opened"),
    *("session.lapsed",),
}
_REFUSED = {
    *("account.activation_failed", "password.failed", "sign_in.locked", "sign_in.unlock_failed"),
    *("sign_in.refused", "sign_in.failed", "sign_in.stopped", "recovery.failed", "card.refused"),
    *("device.disabled", "device.counter_back", "device.test_failed", "identity.failed"),
    *("identity.refused", "browser.copied", "caller.failed", "transaction.not_mine"),
}
_SENT = {
    *("code.sent", "code.resent", "code.to_new_sim", "code.kept_back", "phone.test_sent"),
    *("account.activation_code_sent", "recovery.name_sent"),
}


def of(event: str) -> Kind:
    """The kind of an event by its stored value. What is in no list changed something."""
    for kind, events in ((Kind.SIGN_IN, _SIGN_INS), (Kind.REFUSED, _REFUSED), (Kind.SENT, _SENT)):
        if event in events:
            return kind
    return Kind.CHANGE
