import pytest
from django.utils import translation

from accounts import places


@pytest.mark.parametrize(
    ("address", "code"),
    [("8.8.8.8", "US"), ("2001:4860:4860::8888", "US"), ("1.1.1.1", "AU")],
)
def test_it_knows_the_country_of_an_address(address, code):
    assert places.country(address) == code


@pytest.mark.parametrize("address", ["", "127.0.0.1", "::1", "10.1.2.3", "203.0.113.7", "nonsense"])
def test_it_knows_no_country_of_what_is_nowhere(address):
    assert places.country(address) == ""


@pytest.mark.parametrize(("language", "name"), [("en", "Japan"), ("ja", "日本"), ("xx", "Japan")])
def test_it_names_a_country_in_the_language_of_now(language, name):
    with translation.override(language):
        assert places.name_of("JP") == name


@pytest.mark.parametrize("code", ["", "ZZ"])
def test_it_has_no_name_for_no_country(code):
    assert places.name_of(code) == ""


@pytest.mark.parametrize(
    ("address", "words"),
    [("8.8.8.8", "United States"), ("192.168.1.4", "Local network"), ("", ""), ("nonsense", "")],
)
def test_it_says_where_an_address_is(address, words):
    assert places.in_words(address) == words
