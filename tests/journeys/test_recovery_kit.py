"""The recovery kit on paper."""

import re

import pytest

PAGE = re.compile(rb"/Type\s*/Page\b")


@pytest.mark.parametrize("tongue", ["en", "ja"])
def test_prints_on_one_sheet(person, alice, tongue):
    person.give_password("alice")
    person.give_code(person.read_code("+14155550101"))
    person.is_in()
    if tongue == "ja":
        person.page.get_by_role("button", name="日本語").click()
    person.open("/kit/")
    for paper in ("A4", "Letter"):
        assert len(PAGE.findall(person.page.pdf(format=paper))) == 1, paper
