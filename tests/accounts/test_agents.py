import pytest

from accounts import agents


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("", ""),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0.0.0", "Chrome on Windows"),
        ("\x00\x01", "an unknown program"),
        ("Call-800-555-0100-bot/1.0", "an unknown program"),
        ("Foo Bar SecurityTeam Bot/2 Windows", "Windows"),
        ("PleaseVisit evil.com crawler", "an unknown program"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1) Version/18.1 Mobile/1 Safari/6",
            "Mobile Safari on iOS",
        ),
    ],
)
def test_a_device_is_told_in_words(agent, said):
    assert agents.in_words(agent) == said


WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "outdated"),
    [
        ("", False),
        ("curl/8.1", False),
        (f"{WINDOWS} Chrome/90.0.4430.93 Safari/537.36", True),
        (f"{WINDOWS} Chrome/148.0.0.0 Safari/537.36", False),
        ("Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko", True),
        ("Mozilla/5.0 (Windows NT 6.1; rv:140.0) Gecko/20100101 Firefox/140.0", True),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", False),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:99.0) Gecko/20100101 Firefox/99.0", True),
        (f"{WINDOWS} Chrome/one.two Safari/537.36", False),
    ],
)
def test_it_knows_what_nobody_mends_any_more(agent, outdated):
    assert agents.is_outdated(agent) is outdated
