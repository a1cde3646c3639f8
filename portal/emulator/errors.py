"""Twilio's refusals as data: the code, the HTTP status, the sentence, and the magic numbers.

Codes and magic numbers: twilio.com/docs/api/errors and twilio.com/docs/iam/test-credentials.
"""

from django.http import JsonResponse

TEXTS: dict[int, tuple[int, str]] = {
    20001: (400, "Invalid parameter: {}"),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed"),
    20008: (403, "Resource not accessible with Test Account Credentials"),
    20009: (409, "Cannot delete this resource before it is complete"),
    20404: (404, "The requested resource {} was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    20503: (503, "Service Unavailable"),
    21201: (400, "No 'To' number is specified"),
    21205: (400, "Url is not a valid URL: {}"),
    21210: (
        400,
        (
            "The source phone number provided, {}, is not yet verified for your account. You may "
            "only make calls from phone numbers that you've verified or purchased from Twilio."
        ),
    ),
    21211: (400, "Invalid 'To' Phone Number: {}"),
    21212: (400, "Invalid From Number (caller ID): {}"),
    21213: (400, "No 'From' number is specified"),
    21214: (400, "'To' phone number cannot be reached: {}"),
    21215: (400, "Account not authorized to call {}. Check the geo permissions of the account."),
    21216: (400, "Calls to {} are blocked"),
    21217: (400, "Phone number does not appear to be valid: {}"),
    21218: (400, "Invalid ApplicationSid: {}"),
    21220: (400, "Unable to update record. Call is not in-progress. Cannot redirect."),
    21408: (
        400,
        (
            "Permission to send an SMS has not been enabled for the region indicated by the 'To' "
            "number: {}"
        ),
    ),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (
        400,
        (
            "The 'From' phone number provided ({}) is not a valid message-capable Twilio phone "
            "number for this destination."
        ),
    ),
    21609: (400, "The 'StatusCallback' URL {} is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (400, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: (400, "Message cannot be sent with the current combination of 'To' ({}) and 'From'"),
    21614: (400, "'To' number is not a valid mobile number: {}"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit."),
    21635: (400, "'To' number cannot be a landline: {}"),
    21701: (400, "The Messaging Service resource does not exist: {}"),
    30409: (409, "Message is not in a cancelable state."),
    90007: (400, "Validity Period must be between 1 and 36000 seconds: {}"),
}

# What becomes of a message or call after it was accepted.
DELIVERY_TEXTS = {
    30003: "Unreachable destination handset",
    30006: "Landline or unreachable carrier",
    30036: "Validity Period Expired",
}

MESSAGE_FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
MESSAGE_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
CALL_FROM = {"+15005550001": 21212}
CALL_TO = {
    "+15005550001": 21217,
    "+15005550002": 21214,
    "+15005550003": 21215,
    "+15005550004": 21216,
}


# What a package of Lookup v2 tells in its own error_code.
NOT_ENABLED = 60606
NOT_MOBILE = 60612


class Refused(Exception):
    """The API refuses with this code; ``about`` is what the sentence names."""

    def __init__(self, code: int, about: str = "", *, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.status, text = TEXTS[code]
        self.message = text.format(about)
        self.retry_after = retry_after

    def response(self) -> JsonResponse:
        """The envelope that every error of the API comes in."""
        answer = JsonResponse(
            {
                "code": self.code,
                "message": self.message,
                "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
                "status": self.status,
            },
            status=self.status,
        )
        if self.status == 401:
            answer.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
        if self.retry_after is not None:
            answer.headers["Retry-After"] = str(self.retry_after)
        return answer
