import pytest

from accounts.cases import rules


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  one\r\ntwo\rthree ", "one\ntwo\nthree"),
        ("a\x00b\x1bc\x7fd\te", "abcd\te"),
        ("pay \u202etxt.exe\u202c", "pay txt.exe"),
        ("card 4111 1111 1111 1111 it was", "card …1111 it was"),
        ("card 4111-1111-1111-1111.", "card …1111."),
        ("5500005555555559", "…5559"),
        ("378282246310005", "…0005"),
        ("my 123-45-6789 is", "my … is"),
        ("my 123 45 6789", "my …"),
    ],
)
def test_what_must_not_be_kept_is_not(typed, kept):
    assert rules.clean(typed) == kept


@pytest.mark.parametrize(
    "text",
    [
        "+1 415 555 0101 called at 10:45",
        "4111 1111 1111 1112",  # a wrong check digit
        "order 20261126-0001",
        "日本語の文章です。",
        "<script>alert(1)</script>",
        "2026-11-26 11:03",
    ],
)
def test_what_helps_is_kept(text):
    assert rules.clean(text) == text
