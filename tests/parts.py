"""Pytest plugin: ``--part=2/3`` runs the second of three parts, every third test from there on.

Neighbours cost alike, so the parts do. Between them they run each test once.
"""

import argparse
import re

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--part``."""
    parser.addoption("--part", type=part, default=(1, 1), help="K/N: the K-th of N parts")


def part(text: str) -> tuple[int, int]:
    """Which of how many. Raises ``ArgumentTypeError`` for what is no part."""
    found = re.fullmatch(r"([0-9]+)/([0-9]+)", text)
    which, count = map(int, found.groups()) if found else (0, 0)
    if not 1 <= which <= count:
        raise argparse.ArgumentTypeError(f"no part: {text!r}")
    return which, count


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what other parts run."""
    which, count = config.getoption("part")
    mine = items[which - 1 :: count]
    if left := [item for place, item in enumerate(items) if place % count != which - 1]:
        config.hook.pytest_deselected(items=left)
    items[:] = mine
