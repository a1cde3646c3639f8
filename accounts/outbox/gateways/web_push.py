"""Web Push: delivered as RFC 8030, encrypted as RFC 8291, signed as RFC 8292 (VAPID)."""

import functools
from collections.abc import Mapping
from typing import Any

import requests
from django.conf import settings
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from accounts import vault
from accounts.outbox.errors import GONE, OVER, Advice, Error, Kind, Meaning
from accounts.outbox.ports import Accepted, Busy, Notification, Refused

TIMEOUT = 5  # seconds
REFUSED = Error(Kind.CONFIGURATION, Meaning.OURS, Advice.NONE)


class WebPush:
    """A ``Notifier``."""

    def __init__(self, contact: str) -> None:
        self.contact = contact
        self.session = requests.Session()
        # A push service answers itself: nothing is fetched because it names another address.
        self.session.max_redirects = 0

    def notify(self, subscription: Mapping[str, Any], notification: Notification) -> Accepted:
        """Hands over a notification."""
        urgency = "high" if notification.urgent else "normal"
        try:
            webpush(
                dict(subscription),
                notification.words,
                vapid_private_key=Vapid02(vault.push_key()),
                vapid_claims={"sub": self.contact},
                ttl=notification.ttl,
                timeout=TIMEOUT,
                headers={"Urgency": urgency, "Topic": notification.topic},
                requests_session=self.session,
            )
        except WebPushException as error:
            raise _answered(error.response) from None
        except requests.TooManyRedirects:
            raise Refused(302, REFUSED) from None
        except requests.RequestException as error:
            raise Busy(type(error).__name__) from None
        except (ValueError, KeyError, TypeError):
            # Keys that are none: nothing can ever be encrypted for them.
            raise Refused(410, OVER) from None
        return Accepted("", "")


def _answered(response: requests.Response | None) -> Exception:
    """What the answer of a push service means; its text is not kept."""
    if response is None:
        return Refused(410, OVER)
    status = response.status_code
    if status == 429 or status >= 500:
        asked = response.headers.get("Retry-After", "")
        return Busy(f"status {status}", float(asked) if asked.isdecimal() else None)
    return Refused(status, OVER if status in GONE else REFUSED)


@functools.lru_cache(maxsize=4)
def _of(contact: str) -> WebPush:
    return WebPush(contact)


def from_settings() -> WebPush:
    """The one of this process: its session keeps connections."""
    return _of(settings.IB_KEY_PUSH_CONTACT)
