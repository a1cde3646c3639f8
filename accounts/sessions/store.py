"""Session data in the cache, under the SHA-256 of the session key.

Whoever reads the cache or the table cannot take over a session: neither holds the key itself.
"""

import json
from typing import Any

from django.contrib.sessions.backends import cache

from accounts.origin import digest


class SessionStore(cache.SessionStore):
    """Django's cache store with hashed keys, and a way to give the next session its key.

    A cache that does not answer raises, where Django takes it for a session that ended and signs
    the browser out. A cache that lost the data of a session whose row is live (``is_live``) starts
    it anew under its key: the row decides. What a request has stored it does not store again.
    """

    cache_key_prefix = "session:"
    next_key: str | None = None
    is_live = False
    _written: tuple[str, str] | None = None  # what this request has stored already, under its key

    @property
    def cache_key(self) -> str:
        return self.cache_key_prefix + digest(self._get_or_create_session_key())

    def load(self) -> dict[str, Any]:
        data = self._cache.get(self.cache_key)
        if data is None and not self.is_live:
            self._session_key = None
        return data or {}

    def save(self, must_create: bool = False) -> None:
        if must_create or not self.is_live:
            super().save(must_create)
            return
        data = self._get_session()
        written = self.cache_key, json.dumps(data)
        if written != self._written:
            self._cache.set(self.cache_key, data, self.get_expiry_age())
            self._written = written

    def flush(self) -> None:
        super().flush()
        self.is_live = False

    def _get_new_session_key(self) -> str:
        if self.next_key is None:
            return super()._get_new_session_key()
        key, self.next_key = self.next_key, None
        return key

    def exists(self, session_key: str) -> bool:
        return bool(session_key) and (self.cache_key_prefix + digest(session_key)) in self._cache

    def delete(self, session_key: str | None = None) -> None:
        session_key = session_key or self.session_key
        if session_key:
            self._cache.delete(self.cache_key_prefix + digest(session_key))
