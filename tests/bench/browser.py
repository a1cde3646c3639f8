"""The client of every measurement: a session of ``requests`` on one connection that is kept open.

The goals are ratios to what this client sees of an empty view, so the client is part of the
measure: a leaner one sees a cheaper bare view and larger ratios of everything. The row "plain
Django" tells where a run stands; the goals were set where that sign-in cost 12 bare views.
"""

import re
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

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
        self.base = f"http://127.0.0.1:{port}"
        self.token = ""
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["User-Agent"] = AGENT
        for name, value in cookies.items():
            # As the server's own, which take their place.
            self._session.cookies.set(name, value, domain="127.0.0.1")

    @property
    def cookies(self) -> dict[str, str]:
        return self._session.cookies.get_dict()

    def get(self, path: str, expect: int = 200) -> Answer:
        """GET; raises ``Unexpected`` for another status than ``expect``."""
        answer = self._ask("GET", path, None, expect)
        if found := _TOKEN.search(answer.text):
            self.token = found[1]
        return answer

    def post(self, path: str, expect: int = 302, **fields: str) -> Answer:
        """A form posted with the token of the last page that had one."""
        return self._ask("POST", path, {"csrfmiddlewaretoken": self.token, **fields}, expect)

    def close(self) -> None:
        """Ends the connection."""
        self._session.close()

    def _ask(self, method: str, path: str, fields: dict[str, str] | None, expect: int) -> Answer:
        asked = time.monotonic()
        response = self._session.request(
            method, self.base + path, data=fields, allow_redirects=False, timeout=60
        )
        answered = time.monotonic()
        location = urlsplit(response.headers.get("Location", "")).path
        answer = Answer(response.status_code, location, response.text, asked, answered)
        if answer.status != expect:
            said = f"{method} {path}: {answer.status}, expected {expect}"
            raise Unexpected(f"{said}. The page: {_words(answer.text)}")
        return answer


def _words(page: str) -> str:
    """The first words of what is between head and foot of a page."""
    main = page.partition("<main")[2].partition("</main>")[0] or page
    return " ".join(re.sub("<[^>]*>", " ", main).split())[:300]
