"""``manage.py tws``: sign in from a terminal, as Trader Workstation and the other platforms do.

The reference client of the sign-in API in one module of the standard library: everything between
``class Portal`` and ``class Terminal`` may be copied. It keeps no password, follows no redirect,
and speaks HTTP without TLS to the same machine only.
"""

import getpass
import http.client
import ipaddress
import json
import os
import select
import socket
import ssl
import sys
import time
import uuid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

REFUSED, AWAY, ENDED, INTERRUPTED = 1, 3, 4, 130  # exit codes; 2 is argparse's
PLATFORMS = ("tws", "webtrader", "mobile_ios", "mobile_android")
TRIES, POLL, KEEP_ALIVE = 3, 1.0, 30.0
Json = dict[str, Any]


class Told(Exception):
    """The portal answered with a problem (RFC 9457)."""

    def __init__(self, problem: Json) -> None:
        super().__init__(problem.get("detail", "The portal refused."))
        self.status, self.wait = problem.get("status", 0), problem.get("retry_after", 0)


class Portal:
    """The sign-in API of the portal at ``url``. Raises ``Told``, ``OSError`` and
    ``http.client.HTTPException``."""

    def __init__(self, url: str, *, ca: str | None = None) -> None:
        parts = urlsplit(url)
        self.host, self.port, self.tls = parts.hostname or "", parts.port, parts.scheme == "https"
        self.context = ssl.create_default_context(cafile=ca) if self.tls else None
        self.attempt = self.token = ""

    def call(self, method: str, path: str, body: Json | None = None) -> Json:
        """One call. What sends may be repeated if its answer gets lost: nothing is sent twice."""
        headers = {"Accept": "application/json", "User-Agent": "terminal-tws"}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        sent = None if body is None else json.dumps(body)
        try:
            return self._once(method, path, sent, headers)
        except (ConnectionError, http.client.BadStatusLine):
            if path.endswith("/answer"):
                raise  # an answer is judged once, and counted
            return self._once(method, path, sent, headers)

    def _once(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Json:
        kind = http.client.HTTPSConnection if self.tls else http.client.HTTPConnection
        more = {"context": self.context} if self.tls else {}
        line = kind(self.host, self.port, timeout=15, **more)
        try:
            line.request(method, f"/api/v1{path}", body, headers)
            answer = line.getresponse()
            text = answer.read(1_000_000)
        finally:
            line.close()
        if answer.status == http.client.NO_CONTENT:
            return {}
        if "json" not in answer.headers.get("Content-Type", ""):
            raise Told({"detail": f"This is no portal: it answered {answer.status}."})
        read = json.loads(text)
        if answer.status != http.client.OK:
            raise Told(read)
        return read

    def begin(self, username: str, password: str, platform: str, version: str) -> Json:
        """Name and password; returns the first step."""
        began = self.call(
            "POST",
            "/login",
            {
                "username": username,
                "password": password,
                "platform": platform,
                "client_version": version,
                "device_name": f"Terminal on {socket.gethostname()}"[:60],
            },
        )
        self.attempt = began["attempt"] or ""
        return began["step"]

    def step(self) -> Json:
        """The step that the sign-in is at; its end once a phone has approved."""
        return self.call("GET", f"/login/{self.attempt}")["step"]

    def go(self, what: str, body: Json) -> Json:
        """``method``, ``resend`` or ``answer``; returns the next step."""
        return self.call("POST", f"/login/{self.attempt}/{what}", body)["step"]

    def session(self) -> Json:
        """The session that is open; asking keeps it alive."""
        return self.call("GET", "/session")

    def sign_out(self) -> None:
        """Ends the session."""
        self.call("DELETE", "/session")


class Terminal:
    """What is asked and shown."""

    def __init__(self, portal: Portal) -> None:
        self.portal, self.told, self.typed = portal, "", b""

    def write(self, text: str) -> None:
        """Text without an end of line."""
        sys.stdout.write(text)
        sys.stdout.flush()

    def say(self, text: str = "") -> None:
        """A line."""
        self.write(f"{text}\n")

    def line(self, prompt: str, *, meanwhile: Any = None) -> str:
        """A line that is typed. ``meanwhile`` is called each second; what it returns ends it."""
        self.write(prompt)
        while b"\n" not in self.typed:
            while meanwhile is not None and not select.select([sys.stdin], [], [], POLL)[0]:
                found = meanwhile(prompt)
                if found is not None:
                    return found
            more = os.read(sys.stdin.fileno(), 4096)
            if not more:
                raise KeyboardInterrupt
            self.typed += more
        line, _, self.typed = self.typed.partition(b"\n")
        return line.decode(errors="replace").strip()

    def sign_in(self, username: str, platform: str, version: str) -> Json:
        """From the name to the session."""
        step = self._password(username, platform, version)
        ask = {"ask_method": self._method, "ask_answer": self._code, "wait": self._wait}
        while step["kind"] != "done":
            if step["kind"] == "refused":
                step = self._refused(step)
                continue
            if step["error"]:
                self.say(f"  {step['error']['text']}")
            try:
                step = ask[step["kind"]](step)
            except Told as told:
                if told.status not in (409, 429):
                    raise
                self.say(f"  {told}")
                step = self.portal.step()
        self.portal.token = step["session"]["token"]
        return step["session"]

    def _password(self, username: str, platform: str, version: str) -> Json:
        for left in range(TRIES - 1, -1, -1):
            name = username or self.line("Username: ")
            password = getpass.getpass("Password: ")
            try:
                return self.portal.begin(name, password, platform, version)
            except Told as told:
                if told.status != 401 or not left:
                    raise
                self.say(f"  {told}")
            finally:
                del password
        raise AssertionError

    def _choose(self, devices: list[Json], title: str) -> str:
        self.say(title)
        usual = next((n for n, one in enumerate(devices, 1) if one["preferred"]), 1)
        for number, one in enumerate(devices, 1):
            self.say(f"  {number}  {one['label']}")
        while True:
            typed = self.line(f"Number [{usual}]: ") or str(usual)
            if typed.isascii() and typed.isdigit() and 0 < int(typed) <= len(devices):
                return devices[int(typed) - 1]["id"]
            self.say("  Type one of the numbers.")

    def _method(self, step: Json) -> Json:
        device = self._choose(step["devices"], "Select Second Factor Device")
        return self.portal.go("method", {"device": device})

    def _other(self, step: Json) -> Json:
        return self._method({"devices": step["alternatives"]})

    def _code(self, step: Json) -> Json:
        words, self.told = step["words"], self._delivery(step)
        if step["challenge"]:
            self.say(f"Challenge Code: {step['challenge'][:3]} {step['challenge'][3:]}")
        if step["destination"]:
            self.say(f"{words['field']} {step['reference']}-…… goes to {step['destination']}.")
        for text in (step["why"], self.told):
            if text:
                self.say(f"  {text}")
        again = bool(step["resend"] or step["challenge"])
        if again:
            self.say(f"  n  {words['again']}")
        self._ways(step)
        typed = self.line(f"{words['field']}: ", meanwhile=self._news)
        if typed == "n" and again:
            return self._again(step)
        if typed == "o" and step["alternatives"]:
            return self._other(step)
        return self.portal.go("answer", {"code": typed})

    def _ways(self, step: Json) -> None:
        if step["alternatives"]:
            self.say("  o  Select another Second Factor Device")

    def _delivery(self, step: Json) -> str:
        said = step.get("delivery")
        return said["text"] if said else ""

    def _news(self, prompt: str) -> None:
        """The delivery line, whenever it says something new."""
        step = self.portal.step()
        text = self._delivery(step)
        if text and text != self.told:
            self.told = text
            self.write(f"\r  {text}\n{prompt}")

    def _again(self, step: Json) -> Json:
        if not step["resend"]:
            return self.portal.go("resend", {"delivery": "new"})
        ways = [one for one in ("sms", "voice") if one in step["resend"]["options"]]
        if not ways:
            self.say(f"  {step['resend']['reason']}")
            return step | {"error": None}
        labels = {"sms": "SMS", "voice": "Voice"}
        rows = [{"id": one, "label": labels[one], "preferred": one == ways[0]} for one in ways]
        way = self._choose(rows, step["words"]["again"])
        if way == "voice":
            self.say("  You will be called within a minute. Be ready to write the code down.")
        self.say(f"  {step['words']['ok']}")
        return self.portal.go("resend", {"delivery": way})

    def _wait(self, step: Json) -> Json:
        self.say(f"Approve with IB Key, and type {step['match']} on your phone.")
        self.say(f"  Without a network: Challenge Code {step['challenge']}, and type the response.")
        self._ways(step)
        self.told, found = step["text"], {}

        def meanwhile(prompt: str) -> str | None:
            now = self.portal.step()
            if now["kind"] != "wait":
                found.update(now)
                self.say()
                return ""
            if now["text"] != self.told:
                self.told = now["text"]
                self.write(f"\r  {now['text']}\n{prompt}")
            return None

        typed = self.line("Response String: ", meanwhile=meanwhile)
        if found:
            return found
        if typed == "o" and step["alternatives"]:
            return self._other(step)
        return self.portal.go("answer", {"code": typed}) if typed else self.portal.step()

    def _refused(self, step: Json) -> Json:
        self.say(f"  {step['text']}")
        if step["reason"] != "session_in_use":
            raise CommandError("Not signed in.", returncode=REFUSED)
        if self.line("Take over? [y/N] ").lower() != "y":
            raise CommandError("Cancelled. The other session goes on.", returncode=REFUSED)
        code = self.line("The same code once more (empty after an approval): ")
        return self.portal.go("answer", {"code": code, "take_over": True})

    def status(self, session: Json) -> None:
        """Who is signed in, until when, and what it gives."""
        rows = {
            "Signed in": session["username"],
            "Platform": session["platform"],
            "Since": session["auth_time"],
            "Until": session["expires_at"],
            "Proof": ", ".join(session["amr"]),
            "Rights": ", ".join(session["rights"]) or "none",
        }
        for name, value in rows.items():
            self.say(f"  {name:<10} {value}")

    def stay(self) -> None:
        """Keeps the session alive until its person logs off, or the portal ends it."""
        asked = time.monotonic()

        def meanwhile(_prompt: str) -> None:
            nonlocal asked
            if time.monotonic() - asked >= KEEP_ALIVE:
                asked = time.monotonic()
                self.portal.session()

        while self.line("Enter to refresh, q to log off: ", meanwhile=meanwhile) != "q":
            self.status(self.portal.session())


class Command(BaseCommand):
    """The terminal TWS."""

    help = (
        "Sign in from this terminal as Trader Workstation does, or as another platform (--as). "
        "Exits with 0 after logging off, 1 when refused, 3 when the portal is away, 4 when it "
        "ended the session, 130 after Ctrl-C."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where, as what, and how."""
        parser.add_argument("--as", dest="platform", choices=PLATFORMS, default="tws")
        parser.add_argument("--portal", default=settings.PUBLIC_BASE_URL, help="its address")
        parser.add_argument("--no-ssl", action="store_true", help='"Use SSL" off, here only')
        parser.add_argument("--ca", help="file of certificates that sign the portal's")
        parser.add_argument("--username", default="")
        parser.add_argument("--client-version", default="10.30 latest")
        parser.add_argument("--once", action="store_true", help="show the session and log off")

    def handle(self, *args: Any, **options: Any) -> None:
        """The dialog; ends with an exit code."""
        url = _address(options["portal"], no_ssl=options["no_ssl"])
        terminal = Terminal(Portal(url, ca=options["ca"]))
        terminal.say(f"Sign in at {url}")
        terminal.say(f"Use SSL: {'on' if url.startswith('https') else 'off (this machine only)'}")
        try:
            self._run(terminal, options)
        except KeyboardInterrupt:
            terminal.say("\nCancelled.")
            raise SystemExit(INTERRUPTED) from None
        except Told as told:
            code = ENDED if terminal.portal.token and told.status in (401, 403) else REFUSED
            raise CommandError(str(told), returncode=code) from None
        except ssl.SSLError as error:
            raise CommandError(f"No safe connection: {error.reason}", returncode=AWAY) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            text = f"The portal does not answer: {error}"
            raise CommandError(text, returncode=AWAY) from None

    def _run(self, terminal: Terminal, options: dict[str, Any]) -> None:
        session = terminal.sign_in(
            options["username"], options["platform"], options["client_version"]
        )
        try:
            terminal.status(session)
            if not options["once"]:
                terminal.stay()
        except KeyboardInterrupt:
            terminal.portal.sign_out()
            terminal.say("\nLogged off.")
            raise
        terminal.portal.sign_out()
        terminal.say("Logged off.")


def _address(text: str, *, no_ssl: bool) -> str:
    """The portal's address. Raises ``CommandError`` where TLS would be missing."""
    url = text if "://" in text else f"{'http' if no_ssl else 'https'}://{text}"
    parts = urlsplit(url)
    if no_ssl and parts.scheme == "https":
        url, parts = url.replace("https", "http", 1), parts._replace(scheme="http")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise CommandError("--portal is an address such as https://portal.example")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise CommandError('"Use SSL" can be switched off on this machine only.')
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
