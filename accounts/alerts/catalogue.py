"""Event -> the message that tells of it, and who gets it. What is not here is told to nobody."""

from dataclasses import dataclass
from enum import StrEnum

from accounts.audit.events import Event


class Telephone(StrEnum):
    """Which numbers also get a text message: some that the owner had before the change, and of
    a primary number or a change that was undone, both sides."""

    NONE = ""
    PRIMARY = "primary"  # the number that codes go to
    ALL = "all"  # every verified number
    OTHERS = "others"  # every number but the one that it is about
    BOTH = "both"  # the number that was primary until now, and the one that is
    REMOVED = "removed"
    UNDONE = "undone"  # the number that is primary again, and those that are gone


@dataclass(frozen=True, slots=True)
class Alert:
    """``name`` is the folder of the message. Every verified e-mail address hears of it, unless the
    owner switched that off where it may be (``categories.py``), and so does a phone that shows
    notifications of IB Key; the inbox keeps it.

    ``once`` says that repeats within a day are not told again.
    """

    name: str
    telephone: Telephone = Telephone.NONE
    once: bool = False


CATALOGUE: dict[str, Alert] = {
    Event.ACCOUNT_ACTIVATED: Alert("account_activated"),
    Event.ACCOUNT_USER_ADDED: Alert("account_user_added"),
    Event.ACCOUNT_USER_ROLE: Alert("account_user_role"),
    Event.ACCOUNT_USER_REMOVED: Alert("account_user_removed"),
    Event.ACCOUNT_MOVED: Alert("account_moved"),
    Event.FROZEN: Alert("frozen", Telephone.ALL),
    Event.TRADING_STOPPED: Alert("trading_stopped"),
    Event.WAY_BACK_ENTERED: Alert("way_back_entered"),
    Event.THAW_ASKED: Alert("thaw_asked", Telephone.ALL),
    Event.THAW_STOPPED: Alert("thaw_stopped"),
    Event.THAWED: Alert("thawed", Telephone.ALL),
    Event.CALLER_FAILED: Alert("caller_failed", Telephone.PRIMARY, once=True),
    Event.TRANSACTION_FLAGGED: Alert("transaction_flagged", Telephone.PRIMARY),
    Event.TRANSACTION_MINE: Alert("transaction_mine", Telephone.PRIMARY),
    Event.TRANSACTION_NOT_MINE: Alert("transaction_not_mine"),
    Event.TRANSACTION_UNANSWERED: Alert("transaction_unanswered"),
    Event.TRANSACTION_RELEASED: Alert("transaction_released", Telephone.PRIMARY),
    Event.APPROVAL_ASKED: Alert("support_asked"),
    Event.SUPPORT_ACTED: Alert("support_acted"),
    # Once a day, however many are delivered.
    Event.DOCUMENT_DELIVERED: Alert("document_delivered", once=True),
    Event.DOCUMENT_WITHDRAWN: Alert("document_withdrawn", once=True),
    Event.CASE_ANSWERED: Alert("case_answered"),
    Event.CASE_CLOSED: Alert("case_closed"),
    Event.SIGNED_IN_NEW_DEVICE: Alert("new_device_sign_in"),
    Event.SIGNED_IN_UNUSUAL: Alert("unusual_sign_in"),
    Event.SIGN_IN_STOPPED: Alert("sign_in_stopped", once=True),
    Event.SESSION_ENDS: Alert("session_ends"),
    Event.SESSION_LAPSED: Alert("session_lapsed"),
    Event.PASSWORD_CHANGED: Alert("password_changed", Telephone.ALL),
    Event.PASSWORD_DEMANDED: Alert("password_demanded", Telephone.PRIMARY),
    Event.SIGN_IN_LOCKED: Alert("sign_in_locked", once=True),
    Event.SIGN_IN_UNLOCKED: Alert("sign_in_unlocked"),
    Event.RECOVERY_CANCELLED: Alert("recovery_cancelled", Telephone.ALL),
    Event.BROWSER_COPIED: Alert("browser_copied", Telephone.PRIMARY),
    Event.CALL_REPORTED: Alert("call_reported"),
    Event.CODE_TO_NEW_SIM: Alert("code_to_new_sim", Telephone.OTHERS, once=True),
    Event.DEVICE_ENROLLED: Alert("authenticator_enrolled", Telephone.PRIMARY),
    Event.DEVICE_REVOKED: Alert("authenticator_revoked", Telephone.PRIMARY),
    Event.DEVICE_DISABLED: Alert("authenticator_disabled", Telephone.PRIMARY, once=True),
    Event.COUNTER_BACK: Alert("passkey_copied", once=True),
    Event.BACKUP_CODE_USED: Alert("backup_code_used", Telephone.PRIMARY),
    Event.OPTED_OUT: Alert("opted_out"),
    Event.OPTED_BACK_IN: Alert("opted_back_in"),
    Event.SMS_SWITCHED_OFF: Alert("sms_switched_off", Telephone.PRIMARY),
    Event.SMS_SWITCHED_ON: Alert("sms_switched_on", Telephone.PRIMARY),
    Event.IDENTITY_REFUSED: Alert("identity_not_verified", Telephone.PRIMARY, once=True),
    Event.IB_KEY_PIN_CHANGED: Alert("ib_key_pin_changed", Telephone.PRIMARY),
    Event.DEVICE_UNBLOCKED: Alert("authenticator_unblocked", Telephone.PRIMARY),
    Event.PASSCODE_ISSUED: Alert("passcode_issued", Telephone.ALL),
    Event.ONLINE_CARD_OVER: Alert("online_card_over"),
    Event.CARD_GIVEN_UP: Alert("card_given_up"),
    Event.CARD_PIN_RESET: Alert("card_pin_changed", Telephone.PRIMARY),
    Event.CARD_REQUESTED: Alert("card_requested", Telephone.PRIMARY),
    Event.CARD_SHIPPED: Alert("card_shipped"),
    Event.CARD_REQUIRED: Alert("card_required"),
    Event.CARD_SPENT: Alert("card_spent"),
    Event.CARD_LOST: Alert("card_lost", Telephone.PRIMARY),
    Event.CARD_FOUND: Alert("card_found", Telephone.PRIMARY),
    Event.CARD_RETURNED: Alert("card_returned"),
    Event.CARD_PIN_CHANGED: Alert("card_pin_changed", Telephone.PRIMARY),
    Event.CARD_SHARED: Alert("card_shared", Telephone.PRIMARY),
    Event.EMAIL_ADDED: Alert("email_added", Telephone.PRIMARY),
    Event.EMAIL_VERIFIED: Alert("email_verified"),
    Event.EMAIL_PRIMARY: Alert("email_primary", Telephone.PRIMARY),
    Event.EMAIL_REMOVED: Alert("email_removed", Telephone.PRIMARY),
    Event.PHONE_ADDED: Alert("phone_added", Telephone.PRIMARY),
    Event.PHONE_VERIFIED: Alert("phone_verified"),
    Event.PHONE_PRIMARY: Alert("phone_primary", Telephone.BOTH),
    Event.PHONE_REMOVED: Alert("phone_removed", Telephone.REMOVED),
    Event.EMAIL_UNDONE: Alert("email_undone", Telephone.PRIMARY),
    Event.PHONE_UNDONE: Alert("phone_undone", Telephone.UNDONE),
    Event.PHONE_NEW_SIM: Alert("new_sim", Telephone.OTHERS),
    Event.PHONE_OPTED_OUT: Alert("phone_opted_out"),
    Event.PHONE_OPTED_IN: Alert("phone_opted_in"),
    Event.SIGN_IN_REFUSED: Alert("sign_in_refused_address", once=True),
    Event.RESTRICTIONS_APPLIED: Alert("ip_applied"),
    Event.RESTRICTIONS_TAKEN_BACK: Alert("ip_taken_back"),
    Event.RESTRICTION_LEAVES: Alert("ip_leaves", Telephone.PRIMARY),
    Event.RESTRICTIONS_REMOVED: Alert("ip_removed"),
    Event.API_TOKEN_ISSUED: Alert("api_token", Telephone.PRIMARY),
    Event.API_TOKEN_RENEWED: Alert("api_token"),
    Event.API_TOKEN_REVOKED: Alert("api_token"),
    Event.API_TOKEN_LEAKED: Alert("api_token", Telephone.PRIMARY),
    Event.API_TOKEN_ENDS: Alert("api_token"),
    Event.API_TOKEN_LAPSED: Alert("api_token"),
    Event.API_TOKEN_ELSEWHERE: Alert("api_token"),
    Event.API_TOKEN_BUSY: Alert("api_token", once=True),
    Event.AUTOMATION_STOPPED: Alert("automation"),
    Event.AUTOMATION_RESUMED: Alert("automation", Telephone.PRIMARY),
    Event.AUTOMATION_HANDLE: Alert("automation"),
    Event.AUTOMATION_PAUSED: Alert("automation"),
    Event.ALGORITHMS_MARKED: Alert("algorithms"),
    Event.ALGORITHMS_OPENING: Alert("algorithms_opening", Telephone.PRIMARY),
    Event.ALGORITHMS_SHUT: Alert("algorithms"),
    Event.ALGORITHMS_UNMARKED: Alert("algorithms", Telephone.PRIMARY),
    Event.PHONES_NARROWED: Alert("phones_changed"),
    Event.PHONES_WIDENED: Alert("phones_changed", Telephone.PRIMARY),
    Event.AUTOMATION_RULE_MADE: Alert("automation_rule"),
    Event.AUTOMATION_RULE_GONE: Alert("automation_rule", Telephone.PRIMARY),
    Event.AUTOMATION_RULE_TRIED: Alert("automation_rule_tried"),
    Event.AUTOMATION_RULE_MET: Alert("automation_rule_met", Telephone.PRIMARY),
    Event.CEILING_LOWERED: Alert("ceiling"),
    Event.CEILING_RAISES: Alert("ceiling_raises", Telephone.PRIMARY),
    Event.CEILING_KEPT: Alert("ceiling"),
    Event.TRAVEL_ANNOUNCED: Alert("travel_announced"),
    Event.TRAVEL_ENDED: Alert("travel_ended", Telephone.ALL),
    Event.DOOR_OPENED: Alert("door_opened", Telephone.PRIMARY),
    Event.DOOR_SHUT: Alert("door_shut"),
    Event.DOOR_REOPENS: Alert("door_reopens", Telephone.PRIMARY),
    Event.ALERTS_MORE: Alert("alerts_more"),
    Event.ALERTS_LESS: Alert("alerts_less", Telephone.ALL),
    Event.PHRASE_SET: Alert("phrase_set"),
    Event.PHRASE_CHANGED: Alert("phrase_changed", Telephone.PRIMARY),
    Event.PHRASE_REMOVED: Alert("phrase_removed", Telephone.PRIMARY),
}
