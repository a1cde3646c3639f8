import pytest

from accounts import paths


@pytest.mark.parametrize("path", ["/", "/settings/security/sls/?new=1", "/%2F/evil.example"])
def test_keeps_a_path_of_this_portal(path):
    assert paths.ours(path) == path


@pytest.mark.parametrize(
    "path",
    [
        *("", "settings/", "https://evil.example/", "//evil.example/", "/\\evil.example/"),
        *("\\\\evil.example", "javascript:alert(1)", "/\n/evil.example", "///evil.example"),
    ],
)
def test_leads_nowhere_else(path):
    assert paths.ours(path) == ""
