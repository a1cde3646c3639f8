import pytest

from tests.pdfs import BOOKS, service

PAYMENTS = "token-of-the-payments-of-the-test"


@pytest.fixture(autouse=True)
def _systems(settings) -> None:
    settings.SERVICE_TOKENS = [
        service("payments", PAYMENTS, ":decisions+figures"),
        service("books", BOOKS, ":documents"),
    ]
