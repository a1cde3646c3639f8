"""Twilio's words for where a message is, in the words of the ladder. Pure."""

MESSAGES = {
    "accepted": ("sent", "accepted"),
    "scheduled": ("sent", "accepted"),
    "queued": ("sent", "queued"),
    "sending": ("sent", "sending"),
    "sent": ("sent", "sent"),
    "delivered": ("delivered", ""),
    "read": ("delivered", ""),
    "partially_delivered": ("delivered", ""),
    "undelivered": ("undelivered", ""),
    "failed": ("failed", ""),
    "canceled": ("failed", "canceled"),
}
CALLS = {
    "queued": ("sent", "queued"),
    "initiated": ("sent", "initiated"),
    "ringing": ("sent", "ringing"),
    "in-progress": ("sent", "answered"),
    # A call that was heard is settled by its key; one that ends without was perhaps voicemail.
    "completed": ("undelivered", "no_key"),
    "busy": ("undelivered", "busy"),
    "no-answer": ("undelivered", "no-answer"),
    "failed": ("failed", ""),
    "canceled": ("failed", "canceled"),
}
CALL_ENDS = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
