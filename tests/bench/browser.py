"""The client of every measurement: one connection kept open, cookies, times of each request."""

import http.client
import re
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class Unexpected(Exception):
    """An answer that a measurement cannot go on from."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; ``asked`` and ``answered`` are of the monotonic clock."""

    status: int
    location: str
    text: str
    asked: float
    answered: float

    @property
    def seconds(self) -> float:
        return self.answered - self.asked


class Browser:
    """A person's browser on one server."""

    def __init__(self, port: int, **cookies: str) -> None:
        self.port = port
        self.cookies = dict(cookies)
        self.token = ""
        self._link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str, expect: int = 200) -> Answer:
        """GET; raises ``Unexpected`` for another status than ``expect``."""
        answer = self._ask("GET", path, None, expect)
        if found := _TOKEN.search(answer.text):
            self.token = found[1]
        return answer

    def post(self, path: str, expect: int = 302, **fields: str) -> Answer:
        """A form posted with the token of the last page that had one."""
        body = urlencode({"csrfmiddlewaretoken": self.token, **fields}).encode()
        return self._ask("POST", path, body, expect)

    def close(self) -> None:
        """Ends the connection."""
        self._link.close()

    def _ask(self, method: str, path: str, body: bytes | None, expect: int) -> Answer:
        headers = {"User-Agent": AGENT, "Accept": "text/html"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        asked = time.monotonic()
        self._link.request(method, path, body, headers)
        response = self._link.getresponse()
        content = response.read()
        answered = time.monotonic()
        self._keep(response.headers.get_all("Set-Cookie") or ())
        location = urlsplit(response.headers.get("Location", "")).path
        answer = Answer(response.status, location, content.decode(), asked, answered)
        if answer.status != expect:
            raise Unexpected(f"{method} {path}: {answer.status}, expected {expect}")
        return answer

    def _keep(self, cookies: list[str] | tuple[()]) -> None:
        for cookie in cookies:
            pair, _, attributes = cookie.partition(";")
            name, _, value = pair.partition("=")
            if "max-age=0" in attributes.lower():
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
