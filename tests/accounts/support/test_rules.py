import pytest

from accounts.support import rules


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+1 415 555 0100", "+1 415 555 0100"),
        (" +1 (415) 555-0100 ", "+1 415 555 0100"),
        ("＋４１ ４４ ６６８ １８ ００", "+41 44 668 18 00"),
        ("+81 3-1234-5678", "+81 3 1234 5678"),
    ],
)
def test_a_full_number_is_kept_as_it_is_read_out(typed, kept):
    assert rules.read(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "415 555 0100",
        "+1 415 555 0100 ext 4",
        "+1 800 CALL NOW",
        "+1 415",
        "+1 415 555 0100;phone-context=x",
        "+<script>",
        "+1 415 555 0100" + "0" * 40,
        "\u202e+1 415 555 0100",
    ],
)
def test_nothing_else_is_a_number(typed):
    assert rules.read(typed) is None


def test_what_a_number_is_for_is_one_line_of_bounded_length():
    assert rules.label("  United\nStates \u202e\x00 ") == "United States"
    assert len(rules.label("x" * 99)) == rules.LABEL_MAX
