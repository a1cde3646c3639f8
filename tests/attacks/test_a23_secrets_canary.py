"""A23: a whole life of a client with known secrets; then everything that was written is searched.

The only places where a code may stand are the messages as they were handed to the telephone and
the mail server, and the words of a call after its key.
"""

import base64
import io
import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from urllib.parse import quote

import pytest
from django.conf import settings as portal
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django_otp.oath import totp

from accounts import codes
from accounts.challenges.models import Challenge
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.origin import SYSTEM
from accounts.outbox import tasks
from accounts.outbox.gateways import memory
from accounts.outbox.models import Message, Status
from accounts.users.models import User
from portal import logs
from portal.celery import app
from sls.enrolment.services import Opening, open_account
from sls.login import flow
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.backup_codes.models import CodeSet
from sls.methods.device import Authenticator
from sls.methods.dsc_plus.models import CardDevice
from sls.methods.ib_key import activations
from sls.methods.sms.models import PhoneDevice
from tests import emulator_process
from tests.attacks.tools import EMAILS, NEW_PHONE, PHONES
from tests.cast import CARD_SEED, SEED, begin, card_device, person, response
from tests.phones import Phone

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "Zebra canary&lantern=83"
WRONG_PASSWORD = "Zebra canary&lantern=84"
NEW_PASSWORD = "Canary zebra&lantern=85"
CHANGE = "/settings/login/password/"
CODES = ["730519", "730628", "730737", "730846", "730955", "731064", "731173", "731282"]
WRONG_CODE = "908172"
SLS = "/settings/security/sls/"
MOBILE = "+14155550144"
LOOKED_FOR = "Quillfeather"
CODE_LETTERS = {"Client Portal: your activation code", "Client Portal: your security code"}
Secrets = dict[str, str | bytes]
_TIMES = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?")


class Journal:
    """What a browser sent and got."""

    def __init__(self) -> None:
        self.pages: list[tuple[str, str]] = []
        self.headers: list[tuple[str, str]] = []
        self.keys: set[str] = set()
        self.attempts: set[str] = set()

    def note(self, path: str, response) -> None:
        self.pages.append((path, response.content.decode(errors="replace")))
        self.headers.append((path, str(response.headers)))
        location = response.headers.get("Location", "")
        for place in (path, location):
            self.attempts |= set(re.findall(r"/(?:login|activate|activations)/([\w-]{40,})", place))
        for name, morsel in response.cookies.items():
            if name != portal.CSRF_COOKIE_NAME and morsel.value:
                self.keys.add(morsel.value)


class Tab(Client):
    """A browser that keeps a journal."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(raise_request_exception=False)
        self.journal = journal

    def request(self, **request):
        response = super().request(**request)
        self.journal.note(request["PATH_INFO"], response)
        return response


@contextmanager
def written_log() -> Iterator[tuple[io.StringIO, list[str]]]:
    """The log as it leaves the process at its most talkative, and its records unmasked."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    logs.configure(logs.configuration(level="DEBUG", form="json"))
    stream, raw = io.StringIO(), []
    root.handlers[0].setStream(stream)

    class Raw(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            raw.append(f"{record.name} {record.getMessage()} {record.exc_text or ''}")

    root.addHandler(Raw())
    try:
        yield stream, raw
    finally:
        logs.configure(portal.LOGGING)
        root.handlers[:] = kept
        root.setLevel(level)


@pytest.fixture
def emulator(settings) -> Iterator[emulator_process.Emulator]:
    with emulator_process.start(EMULATOR_SPEED="100") as running:
        settings.TWILIO_API_BASE = running.base_url
        yield running


def forms(secret: str | bytes) -> list[str]:
    """How a secret could stand somewhere."""
    raw = secret if isinstance(secret, bytes) else secret.encode()
    seen = {raw.hex(), base64.b64encode(raw).decode(), base64.b32encode(raw).decode().rstrip("=")}
    seen |= {codes.grouped(base64.b32encode(raw).decode().rstrip("="), 4), raw.decode("latin-1")}
    if isinstance(secret, str):
        seen |= {secret, quote(secret), quote(secret, safe=""), secret.replace("&", "&amp;")}
        if secret.isdigit():
            seen |= {f"{secret[:3]} {secret[3:]}", ", ".join(secret)}
        if "-" in secret:
            seen.add(secret.replace("-", ""))
    return sorted(seen)


def hits(text: str, secrets: Secrets) -> list[str]:
    """The names of the secrets that stand in ``text``."""
    text = _TIMES.sub("", text)
    return [name for name, secret in secrets.items() if any(f in text for f in forms(secret))]


def dump() -> Iterator[tuple[str, str]]:
    """Every row of every table, bytes readable."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                values = [value for value in row if not isinstance(value, datetime)]
                yield table, " ".join(map(readable, values))


def readable(value: object) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, (bytes, memoryview)) else str(value)


def redis() -> Iterator[tuple[str, str]]:
    """Every key and value of the caches and of the broker, payloads decoded."""
    clients = [cache._cache.get_client(None) for cache in caches.all()]
    with app.connection_for_read() as link:
        for client in [*clients, link.default_channel.client]:
            for key in client.keys("*"):
                name = readable(key)
                for value in contents(client, key):
                    yield name, f"{name} {value} {unpacked(value)}"


def contents(client, key) -> list[str]:
    kind = readable(client.type(key))
    values = {
        "string": lambda: [client.get(key)],
        "list": lambda: client.lrange(key, 0, -1),
        "hash": lambda: [part for pair in client.hgetall(key).items() for part in pair],
        "set": lambda: client.smembers(key),
        "zset": lambda: client.zrange(key, 0, -1),
    }[kind]()
    return [readable(value) for value in values]


def unpacked(text: str) -> str:
    found = re.findall(r'"body": ?"([A-Za-z0-9+/=]+)"', text)
    return " ".join(base64.b64decode(body).decode() for body in found)


@dataclass(frozen=True)
class Handed:
    """Secrets that were shown to be taken over: at ``places`` alone, among the first ``until``
    pages."""

    secrets: dict[str, str | bytes]
    places: set[str]
    until: int


class Life:
    """From the opened account to new authenticators, with mistakes on the way."""

    def __init__(self, clock) -> None:
        self.clock = clock
        self.journal = Journal()
        self.tab = Tab(self.journal)
        self.password = PASSWORD
        self.handed: list[Handed] = []

    def post(self, path: str, **fields: str):
        return self.tab.post(path, fields)

    def code(self) -> str:
        """The code that was sent last, once it has left."""
        hand_over()
        code = Challenge.objects.filter(secret__isnull=False).latest("created_at").code()
        assert code in CODES
        return code

    def activate(self) -> None:
        opening = Opening("nina", "Nina Rossi", "nina@example.com", MOBILE, "U2000009", "en")
        open_account(opening=opening, origin=SYSTEM, actor="staff:command")
        self.post("/activate/", username="nina", code=WRONG_CODE)
        self.post("/activate/resend/", username="nina")
        url = self.post("/activate/", username="nina", code=self.code())["Location"]
        self.tab.get(url)
        self.post(url, password="short")
        self.finish(self.post(url, password=self.password)["Location"])
        self.post("/logout/")

    def finish(self, url: str) -> None:
        """Answers after a wrong code and a call."""
        self.tab.get(url)
        self.post(f"{url}answer/", code=WRONG_CODE)
        self.clock.shift(31)
        self.post(f"{url}resend/", delivery="voice")
        self.tab.get(f"{url}status/")
        assert self.post(f"{url}answer/", code=self.code())["Location"] == "/"
        self.clock.shift(301)

    def sign_in(self) -> None:
        self.post("/login/", username="nina", password=WRONG_PASSWORD)
        self.post("/login/", username=WRONG_PASSWORD, password="nina")
        response = self.post("/login/", username="nina", password=self.password, next="/settings/")
        url = response["Location"]
        self.tab.get(url)
        code = self.code()
        assert self.post(f"{url}answer/", code=code).status_code == 302
        self.post(f"{url}answer/", code=code)
        self.clock.shift(61)
        for page in ("/", "/settings/", "/activity/", PHONES, EMAILS):
            self.tab.get(page)

    def change_contacts(self) -> None:
        for page, fields in ((PHONES, {"number": NEW_PHONE}), (EMAILS, {"email": "n@example.org"})):
            assert self.prove(page, **fields).status_code == 302
        phone = PhoneNumber.objects.get(number=NEW_PHONE)
        email = EmailAddress.objects.get(address="n@example.org")
        for url, way in ((f"{PHONES}{phone.pk}/", "sms"), (f"{EMAILS}{email.pk}/", "email")):
            self.post(f"{url}verify/", delivery=way)
            self.tab.get(f"{url}verify/")
            self.post(f"{url}verify/", code=WRONG_CODE)
            assert self.post(f"{url}verify/", code=self.code()).status_code == 302

    def prove(self, page: str, **fields: str):
        """The same, and waits until the next code may be sent."""
        done = self.prove_now(page, **fields)
        self.clock.shift(301)
        return done

    def prove_now(self, page: str, **fields: str):
        """Posts something sensitive with all that it needs, and mistakes on the way."""
        url = self.post(page, **fields)["Location"]
        self.tab.get(url)
        self.post(url, password=WRONG_PASSWORD)
        self.post(url, password=self.password)
        self.tab.get(url)
        self.post(f"{url}answer/", code=WRONG_CODE)
        assert self.post(f"{url}answer/", code=self.code()).status_code == 302
        self.tab.get(f"{url}confirm/")
        return self.post(page, **fields)

    def change_password(self) -> None:
        """Asks for advice on the way, and has a first choice refused."""
        assert self.prove_now(CHANGE)["Location"] == CHANGE
        for said in (NEW_PASSWORD, PASSWORD, WRONG_PASSWORD):
            assert self.post(f"{CHANGE}advice/", password=said).status_code == 200
        assert self.post(CHANGE, password=PASSWORD).status_code == 200
        assert self.post(CHANGE, password=NEW_PASSWORD).status_code == 302
        self.password = NEW_PASSWORD
        for page in ("/settings/login/", "/activity/"):
            self.tab.get(page)
        self.clock.shift(301)

    def choose(self, url: str, model: type[Authenticator]) -> None:
        """Signs in by the one authenticator of its kind."""
        device = model.objects.get(user__username="nina", revoked_at=None)
        self.post(f"{url}method/", device=device.persistent_id)

    def hand_over(self, secrets: Secrets, *places: str) -> None:
        """From now on no page shows them."""
        self.handed.append(Handed(secrets, set(places), len(self.journal.pages)))

    def add_an_app(self) -> None:
        """Enrols an authenticator app, and comes back to its page when it is done."""
        url = self.prove(f"{SLS}add/authenticator_app/")["Location"]
        self.tab.get(url)
        device = AppDevice.objects.get(user__username="nina")
        seed = device.open_seed()
        self.post(f"{url}answer/", code=WRONG_CODE)
        assert self.post(f"{url}answer/", code=f"{totp(seed):06d}").status_code == 302
        self.hand_over({"seed of the app": seed}, url, f"{url}answer/")
        for page in (url, SLS, f"{SLS}authenticator_app/{device.pk}/?new=1", "/activity/"):
            self.tab.get(page)

    def make_codes(self) -> None:
        """Makes backup codes, and uses one to sign in."""
        page = f"{SLS}backup_codes/renew/"
        made = self.prove(page).content.decode()
        found = re.findall(r"<code[^>]*>([A-Z2-7-]{19})</code>", made)
        named = {f"backup code {number}": code for number, code in enumerate(found, 1)}
        self.hand_over(named, page)
        self.post("/logout/")
        url = self.post("/login/", username="nina", password=self.password)["Location"]
        self.choose(url, CodeSet)
        self.post(f"{url}answer/", code=found[0].replace("-", "")[:15] + "9")
        assert self.post(f"{url}answer/", code=found[0]).status_code == 302
        self.clock.shift(61)
        for path in (SLS, "/activity/", "/"):
            self.tab.get(path)

    def use_a_card(self) -> str:
        """Signs in by a security card; returns its response."""
        card_device(User.objects.by_name("nina"))
        self.post("/logout/")
        url = self.post("/login/", username="nina", password=self.password)["Location"]
        self.choose(url, CardDevice)
        self.tab.get(url)
        challenge = Challenge.objects.latest("created_at")
        self.post(f"{url}answer/", code=response(challenge, pin="0000"))
        assert self.post(f"{url}answer/", code=response(challenge)).status_code == 302
        self.clock.shift(61)
        for path in (SLS, "/activity/", "/"):
            self.tab.get(path)
        return response(challenge)

    def add_a_phone(self) -> None:
        """Begins to make a telephone an authenticator."""
        nina, phone = User.objects.by_name("nina"), Phone(client=self.tab)
        session_id = activations.session_for(user_id=nina.pk, origin=SYSTEM)
        begun = phone.post("activations", {"session_id": session_id}).json()
        assert phone.finish(begun["activation"]).status_code == 201

    def staff(self) -> str:
        """A sign-in by authenticator app, and a search for somebody; returns the code."""
        person("sam", mobile="+14155550109", staff=True)
        tab = Tab(self.journal)
        url = begin(tab, "sam")
        code = f"{totp(SEED):06d}"
        assert tab.post(f"{url}answer/", {"code": code}).status_code == 302
        tab.get(f"/console/clients/?q={LOOKED_FOR}")
        return code

    def errors(self, monkeypatch) -> None:
        """One page of each kind of error, with secrets in the request."""

        def broken(*args: object, **kwargs: object):
            raise RuntimeError("broken")

        url = self.post("/login/", username="nina", password=self.password)["Location"]
        self.choose(url, PhoneDevice)
        monkeypatch.setattr(flow, "answer", broken)
        assert self.post(f"{url}answer/", code=self.code()).status_code == 500
        monkeypatch.setattr(flow, "begin", broken)
        assert self.post("/login/", username="nina", password=self.password).status_code == 500
        assert self.post(f"{url}resend/", delivery=PASSWORD).status_code == 400
        assert self.post(f"{url}resend/", delivery="sms").status_code == 429
        assert self.post("/nowhere/", password=self.password).status_code == 404
        secure = Client(enforce_csrf_checks=True)
        secure.cookies = self.tab.cookies
        response = secure.post("/login/", {"username": "nina", "password": PASSWORD})
        assert response.status_code == 403
        self.journal.note("/login/", response)


def hand_over() -> None:
    """What a worker does, by the tasks themselves, with their logging."""
    for message in Message.objects.filter(status=Status.QUEUED).order_by("created_at"):
        tasks.deliver.apply(args=[str(message.pk)])


Found = list[tuple[str, str, list[str]]]
Texts = Iterable[tuple[str, str]]


class Evidence:
    """Everything that was written, and the secrets that were in use."""

    def __init__(
        self, life: Life, typed: dict[str, str], log: str, records: list[str], queue: Texts
    ):
        self.journal = life.journal
        self.log, self.records = log.splitlines(), records
        self.redis = [*queue, *redis()]
        self.letters = memory.from_settings().sent
        self.codes: Secrets = {f"code {code}": code for code in CODES}
        self.typed: Secrets = {
            "password": PASSWORD,
            "wrong password": WRONG_PASSWORD,
            "new password": NEW_PASSWORD,
            "seed": SEED,
            "seed of the card": CARD_SEED,
            **typed,
        }
        self.keys: Secrets = {f"key {key[:4]}…": key for key in life.journal.keys}
        self.handed = life.handed
        self.tokens: Secrets = {f"attempt {t[:4]}…": t for t in life.journal.attempts}
        self.people: Secrets = {
            "number": MOBILE[1:],
            "new number": NEW_PHONE[1:],
            "mail": "nina@example",
            "name that was looked for": LOOKED_FOR,
        }


def search(texts: Texts, *secrets: Secrets) -> Found:
    """Where a secret stands."""
    together = {name: secret for some in secrets for name, secret in some.items()}
    return [(name, text[:300], seen) for name, text in texts if (seen := hits(text, together))]


def labels(metrics: str) -> str:
    """Without the figures, which are as good as random and look like codes now and then."""
    return "\n".join(line.rpartition(" ")[0] for line in metrics.splitlines())


@pytest.fixture
def evidence(emulator, settings, clock, monkeypatch) -> Evidence:
    """What is left behind by the whole life."""
    settings.MAIL_GATEWAY = "memory"
    memory.from_settings().clear()
    given = cycle(CODES)
    monkeypatch.setattr(codes, "numeric", lambda length: next(given))
    life = Life(clock)
    with written_log() as (stream, records):
        life.activate()
        life.sign_in()
        life.change_contacts()
        life.change_password()
        life.make_codes()
        life.add_an_app()
        by_card = life.use_a_card()
        life.add_a_phone()
        typed = {"response of the card": by_card, "code of the app": life.staff()}
        life.errors(monkeypatch)
        queue = list(redis())
        hand_over()
        life.tab.get("/metrics")
    return Evidence(life, typed, stream.getvalue(), records, queue)


def test_asvs_16_2_5_no_secret_stands_where_it_does_not_belong(evidence):
    seen = evidence
    secrets = (seen.typed, seen.codes, seen.keys, *(one.secrets for one in seen.handed))
    assert not search(dump(), *secrets, seen.tokens)
    assert not search(seen.redis, *secrets, seen.tokens)
    assert not search([("log", line) for line in seen.log], *secrets, seen.tokens, seen.people)
    assert not search([("record", record) for record in seen.records], *secrets)
    # CVE-2026-105211: nor does a page tell the code that it asks for.
    # What was typed as a user name by mistake is shown again, to who typed it.
    echoed = {name: some for name, some in seen.typed.items() if name != "wrong password"}
    pages = [
        (path, labels(text) if path == "/metrics" else text) for path, text in seen.journal.pages
    ]
    assert not search(pages, echoed, seen.codes, seen.keys)
    assert not search(seen.journal.headers, seen.typed, seen.codes)
    for handed in seen.handed:
        early, late = seen.journal.pages[: handed.until], seen.journal.pages[handed.until :]
        assert {path for path, _text, _names in search(early, handed.secrets)} == handed.places
        assert not search(late, handed.secrets)
        assert not search(seen.journal.headers, handed.secrets)
    letters = [(one.words.subject, f"{one.words.text} {one.words.html}") for one in seen.letters]
    assert not search(letters, seen.typed, seen.keys, seen.tokens, *secrets[3:])
    with_code = search(letters, seen.codes)
    assert {subject for subject, _text, _codes in with_code} <= CODE_LETTERS

    # The canaries were really there: what was meant to leave has left, and can be found.
    assert with_code
    assert len(seen.keys) >= 6
    assert len(seen.tokens) >= 4
    assert [len(handed.secrets) for handed in seen.handed] == [10, 1]
    assert len(seen.log) > 50
    assert any("/activations/" in line for line in seen.log)
    assert any("/console/clients/?q=" in line for line in seen.log)
    for channel in ("sms", "voice"):
        assert Message.objects.filter(channel=channel, status=Status.SENT).exists()
    assert hits(f"x {PASSWORD} y", seen.typed) == ["password"]
