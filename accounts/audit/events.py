"""The catalogue of what can happen. A value is stored for ever: add, never rename."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """Something that is now past, in the words the owner reads."""

    ACCOUNT_OPENED = "account.opened", _("Account opened")
    ACCOUNT_ACTIVATED = "account.activated", _("Account activated")
    PERSON_SET = "account.person_set", _("Identification of the person recorded")
    ACTIVATION_FAILED = "account.activation_failed", _("Activation code refused")
    ACTIVATION_CODE_SENT = "account.activation_code_sent", _("Activation code sent")

    PASSWORD_SET = "password.set", _("Password set")
    PASSWORD_FAILED = "password.failed", _("Wrong password")
    SIGN_IN_LOCKED = "sign_in.locked", _("Sign-in locked after wrong passwords")
    SIGN_IN_UNLOCKED = "sign_in.unlocked", _("Sign-in unlocked")
    SIGN_IN_REFUSED = "sign_in.refused", _("Sign-in refused")
    SIGN_IN_STARTED = "sign_in.started", _("Password accepted")
    SIGN_IN_FAILED = "sign_in.failed", _("Wrong security code")
    SIGNED_IN = "sign_in.done", _("Signed in")
    SIGNED_IN_NEW_DEVICE = "sign_in.new_device", _("Signed in from a new device")
    SIGNED_OUT = "sign_in.out", _("Signed out")
    SESSION_ENDED = "session.ended", _("Session ended")

    CODE_SENT = "code.sent", _("Security code sent")
    CODE_RESENT = "code.resent", _("Security code sent again")
    CODE_TO_NEW_SIM = "code.to_new_sim", _("Security code sent to a new SIM card")
    CODE_KEPT_BACK = "code.kept_back", _("Security code not sent to a new SIM card")
    CALL_REPORTED = "code.call_reported", _("Call reported as not asked for")

    DEVICE_ENROLLED = "device.enrolled", _("Authenticator enrolled")
    DEVICE_REVOKED = "device.revoked", _("Authenticator revoked")
    BACKUP_CODE_USED = "backup_code.used", _("Backup code used")
    DEVICE_DISABLED = "device.disabled", _("Authenticator disabled after wrong codes")
    COUNTER_BACK = "device.counter_back", _("Passkey refused: a copy of it may be in use")
    DEVICE_RENAMED = "device.renamed", _("Authenticator renamed")
    DEVICES_ORDERED = "device.ordered", _("Order of authenticators changed")
    DEVICE_TESTED = "device.tested", _("Authenticator tested")
    DEVICE_TEST_FAILED = "device.test_failed", _("Wrong code in a test of an authenticator")
    SMS_SWITCHED_OFF = "device.sms_off", _("Text messages switched off for signing in")
    SMS_SWITCHED_ON = "device.sms_on", _("Text messages switched on again for signing in")

    CARDS_IMPORTED = "card.imported", _("Cards taken into stock")
    CARD_REQUESTED = "card.requested", _("Security card requested")
    CARD_ALLOWED = "card.allowed", _("Security card allowed below the threshold")
    CARD_CANCELLED = "card.cancelled", _("Request for a security card cancelled")
    CARD_SHIPPED = "card.shipped", _("Security card sent")
    CARD_REQUIRED = "card.required", _("Security card in use by itself")
    CARD_SPENT = "card.spent", _("Security card used up")
    CARD_LOST = "card.lost", _("Security card reported as lost")
    CARD_FOUND = "card.found", _("Security card found again")
    CARD_RETURNED = "card.returned", _("Security card came back")
    CARD_SENT_BACK = "card.sent_back", _("Security card announced as sent back")
    CARD_REFUSED = "card.refused", _("Wrong response of the security card")
    CARD_PIN_CHANGED = "card.pin_changed", _("PIN of the security card changed")
    CARD_SHARED = "card.shared", _("Security card shared with another user name")
    CARD_CHARGED = "card.charged", _("Security card charged")

    OPTED_OUT = "sls.opted_out", _("Opt-out of the Secure Login System imported")
    OPTED_BACK_IN = "sls.opted_back_in", _("Opted back in to the Secure Login System")

    EMAIL_ADDED = "email.added", _("E-mail address added")
    EMAIL_VERIFIED = "email.verified", _("E-mail address verified")
    EMAIL_PRIMARY = "email.primary", _("Primary e-mail address changed")
    EMAIL_REMOVED = "email.removed", _("E-mail address removed")
    PHONE_ADDED = "phone.added", _("Telephone number added")
    PHONE_VERIFIED = "phone.verified", _("Telephone number verified")
    PHONE_PRIMARY = "phone.primary", _("Primary telephone number changed")
    PHONE_REMOVED = "phone.removed", _("Telephone number removed")
    PHONE_OPTED_OUT = "phone.opted_out", _("Text messages stopped from the telephone")
    PHONE_OPTED_IN = "phone.opted_in", _("Text messages allowed again from the telephone")
    PHONE_LEARNT = "phone.learnt", _("Carrier told what the number can receive")
    PHONE_NEW_SIM = "phone.new_sim", _("SIM card of a telephone number changed")
    TEST_MESSAGE_SENT = "phone.test_sent", _("Test message sent")
    PHONE_CONSENTED = "phone.consented", _("Agreed to security codes by telephone")

    IDENTITY_VERIFIED = "identity.verified", _("Identity verified for a sensitive action")
    IDENTITY_FAILED = "identity.failed", _("Identity not verified")
    IDENTITY_REFUSED = "identity.refused", _("Identity not verified after repeated tries")

    POLICY_SET = "policy.set", _("Passkey demanded for signing in")
    POLICY_WITHDRAWN = "policy.withdrawn", _("Passkey no longer demanded for signing in")
    POLICY_ANNOUNCED = "policy.announced", _("Announced that signing in will take a passkey")

    SPENDING_BREAKER = "guard.breaker", _("Sending stopped by the telephone guard")
