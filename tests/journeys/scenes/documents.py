"""Statements, balances and positions."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.documents import services
from accounts.documents.models import Document, Kind
from accounts.documents.services import Delivered, Kept
from accounts.documents.withdrawing import withdraw
from accounts.figures import services as figures
from accounts.figures.rules import Figures, Position
from accounts.origin import SYSTEM, Origin
from accounts.users.models import User
from tests.cast import account
from tests.journeys.scenes.scene import CLIENT, Scene, signed_in, submit
from tests.journeys.stage import Stage
from tests.pdfs import pdf, sha256_of

PATH = "/statements/"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36"
)
HERE = Origin(address="203.0.113.7", agent=CHROME, session="a" * 64)
HELD = {
    "AAPL": ("120", "33120.00", "USD"),
    "MSFT": ("-40", "-19200.00", "USD"),
    "7203.T": ("300", "930000.00", "JPY"),
    "EUR.USD": ("25000.5", "27000.54", "USD"),
    "SPX 20261218C6000": ("2", "15400.00", "USD"),
}


def deliver(kind: Kind, period: str, title: str, *, number: str = "U1000001") -> Document:
    """As a system of the brokerage does."""
    content = pdf(f"{title} {period}", size=180_000)
    sent = Delivered(number, kind, period, title, content, sha256_of(content))
    kept = services.deliver(sent=sent, origin=SYSTEM)
    assert isinstance(kept, Kept)
    return kept.document


def keep(number: str = "U1000001", *, age: timedelta = timedelta(minutes=5)) -> None:
    """Balances as of a while ago."""
    held = {
        symbol: Position(Decimal(quantity), Decimal(value), currency)
        for symbol, (quantity, value, currency) in HELD.items()
    }
    found = Figures(
        as_of=timezone.now() - age,
        currency="USD",
        cash=Decimal("120500.25"),
        net_liquidation=Decimal("750000.00"),
        margin_used=Decimal("80000.00"),
        positions=held,
    )
    assert figures.deliver(number=number, figures=found, system="books") is None


def several(stage: Stage) -> str:
    """Of two accounts and two years, one of them opened."""
    alice = stage.alice()
    account("U1000009", alice, equity=0)
    keep()
    keep("U1000009", age=timedelta(days=6))
    first = deliver(Kind.DAILY, "2024-11-25", "Activity statement")
    deliver(Kind.DAILY, "2024-11-24", "Activity statement")
    deliver(Kind.CONFIRMATION, "2024-11-24", "Trade confirmation: 120 AAPL", number="U1000009")
    deliver(Kind.MONTHLY, "2024-10", "Activity statement")
    deliver(Kind.TAX, "2023", "Form 1042-S")
    mistaken = deliver(Kind.NOTICE, "2024-11-24", "Of somebody else")
    withdraw(pk=mistaken.pk, origin=SYSTEM)
    services.opened(user_id=alice.pk, pk=first.pk, origin=HERE, span=None)
    stage.sign_in(alice)
    return PATH


def of_a_kind(stage: Stage) -> str:
    """Of a year and a kind in which there is nothing."""
    return f"{several(stage)}?kind=annual&year=2024"


def positions(stage: Stage) -> str:
    """What is held."""
    several(stage)
    return f"{PATH}balances/U1000001/"


def old(stage: Stage) -> str:
    """What was held some days ago."""
    several(stage)
    return f"{PATH}balances/U1000009/"


def wrong(stage: Stage) -> str:
    """About a statement."""
    several(stage)
    return f"{PATH}wrong/?about={Document.objects.get(period='2024-11-25').pk}"


def not_delivered(stage: Stage) -> str:
    """An account of which nothing was delivered."""
    return signed_in(PATH)(stage)


def of_nobody(stage: Stage) -> str:
    """On no account."""
    path = signed_in(PATH)(stage)
    User.objects.get(username="alice").memberships.all().delete()
    return path


SCENES = [
    Scene("statements", "statements", several, CLIENT),
    Scene("statements-filtered", "statements", of_a_kind, CLIENT),
    Scene("statements-none", "statements", not_delivered, CLIENT),
    Scene("statements-no-account", "statements", of_nobody, CLIENT),
    Scene("statements-positions", "positions", positions, CLIENT),
    Scene("statements-positions-old", "positions", old, CLIENT),
    Scene("statements-wrong", "statement_wrong", wrong, CLIENT),
    Scene(
        "statements-wrong-empty",
        "statement_wrong",
        wrong,
        CLIENT,
        act=lambda page: submit(page, text=""),
    ),
]
