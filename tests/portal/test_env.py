"""The typed readers: what is meant is read, what cannot be meant is refused by name."""

from decimal import Decimal

import pytest

from portal import env


@pytest.fixture
def variable(monkeypatch):
    def put(value: str, name: str = "THING") -> None:
        monkeypatch.setenv(name, value)

    return put


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", True), ("yes", True), ("ON", True), ("0", False), ("no", False), ("False", False)],
)
def test_reads_a_flag(variable, value, expected):
    variable(value)
    assert env.flag("THING", default=not expected) is expected


def test_an_empty_value_counts_as_absent(variable):
    variable("  ")
    assert env.number("THING", 7) == 7


@pytest.mark.parametrize(
    "value", ["five", "1_000", "+5", "0x10", "٣", "1.5", "-1", "99", "9" * 5000]
)
def test_refuses_an_odd_number(variable, value):
    variable(value)
    with pytest.raises(env.BadSetting, match="THING is not a whole number from 0 to 50"):
        env.number("THING", most=50)


@pytest.mark.parametrize(
    ("value", "seconds"), [("90", 90), ("90s", 90), ("15m", 900), ("12 h", 43200), ("2d", 172800)]
)
def test_reads_a_duration(variable, value, seconds):
    variable(value)
    assert env.duration("THING", 1) == seconds


@pytest.mark.parametrize("value", ["soon", "-5", "1.5h", "10y", "5 m s"])
def test_refuses_an_odd_duration(variable, value):
    variable(value)
    with pytest.raises(env.BadSetting, match="THING is not a time"):
        env.duration("THING", 1)


def test_refuses_an_unknown_choice(variable):
    variable("prod")
    with pytest.raises(env.BadSetting, match="THING is none of a, b: 'prod'"):
        env.choice("THING", "a", ("a", "b"))


def test_refuses_a_flag_that_is_neither(variable):
    variable("maybe")
    with pytest.raises(env.BadSetting, match="THING is neither yes nor no"):
        env.flag("THING")


def test_reads_a_list(variable):
    variable("US, CA\nJP")
    assert env.words("THING", pattern="[A-Z]{2}") == ["US", "CA", "JP"]


def test_refuses_a_list_with_an_odd_entry(variable):
    variable("US, canada")
    with pytest.raises(env.BadSetting, match="THING has an entry"):
        env.words("THING", pattern="[A-Z]{2}")


@pytest.mark.parametrize("value", ["10.0.0.1/8", "10.0.0.1/33", "fe80::1%eth0/64", "internal"])
def test_refuses_what_is_no_network(variable, value):
    variable(value)
    with pytest.raises(env.BadSetting, match="THING has an entry that is no network"):
        env.networks("THING", [])


def test_reads_from_a_file(variable, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("from the file\n")
    variable(str(secret), "THING_FILE")
    assert env.text("THING") == "from the file"


def test_refuses_a_value_beside_a_file(variable, tmp_path):
    variable("here")
    variable(str(tmp_path), "THING_FILE")
    with pytest.raises(env.BadSetting, match="both set"):
        env.text("THING")


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\xff"])
def test_refuses_a_file_that_says_nothing(variable, tmp_path, content):
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    variable(str(path), "THING_FILE")
    with pytest.raises(env.BadSetting, match="THING_FILE"):
        env.text("THING")


def test_does_not_repeat_a_secret_that_it_refuses(variable):
    variable("hunter2 with blanks")
    with pytest.raises(env.BadSetting) as refusal:
        env.text("THING", pattern="[a-z]+")
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    "value",
    [
        "portal.example.com",
        "https://portal.example.com/path",
        "https://user@portal.example.com",
        "https://portal.example.com?x",
        "https://portal.example.com:port",
        "ftp://portal.example.com",
        "https://",
    ],
)
def test_refuses_what_is_no_origin(variable, value):
    variable(value)
    with pytest.raises(env.BadSetting, match="THING"):
        env.origin("THING", "")


def test_takes_an_origin_with_a_closing_slash(variable):
    variable("https://portal.example.com:8443/")
    assert env.origin("THING", "") == "https://portal.example.com:8443"


@pytest.mark.parametrize(
    ("value", "pair"),
    [
        ("200000 600000", (200_000, 600_000)),
        ("200000, 200000", (200_000, 200_000)),
        ("unlimited", (None, None)),
        ("unlimited unlimited", (None, None)),
        ("5000 unlimited", (5000, None)),
    ],
)
def test_reads_an_allowance(variable, value, pair):
    variable(value)
    assert env.allowance("THING", (1, 2)) == pair


def test_takes_the_default_of_an_allowance():
    assert env.allowance("THING", (1, None)) == (1, None)


@pytest.mark.parametrize(
    "value",
    ["200000", "1 2 3", "-1 5", "1.5 2", "1_000 2_000", "none", "1 infinity", "1 1e6", "٣ ٤"],
)
def test_refuses_an_odd_allowance(variable, value):
    variable(value)
    with pytest.raises(env.BadSetting, match="THING is not two amounts"):
        env.allowance("THING", (1, 2))


@pytest.mark.parametrize("value", ["600000 200000", "unlimited 5"])
def test_refuses_an_allowance_of_more_in_one_day_than_in_several(variable, value):
    variable(value)
    with pytest.raises(env.BadSetting, match="THING allows more in one day"):
        env.allowance("THING", (1, 2))


def test_reads_rates(variable):
    variable("EUR=1.08, JPY=0.0067")
    assert env.rates("THING", {}) == {"EUR": Decimal("1.08"), "JPY": Decimal("0.0067")}


def test_takes_the_default_of_rates():
    assert env.rates("THING", {"USD": "1"}) == {"USD": Decimal(1)}


@pytest.mark.parametrize("value", ["EUR", "EUR=0", "eur=1", "EUR=-1", "EUR=1e3", "EUR=1,EUR=2"])
def test_refuses_odd_rates(variable, value):
    variable(value)
    with pytest.raises(env.BadSetting, match="THING is not a list such as"):
        env.rates("THING", {})
