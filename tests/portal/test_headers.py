"""Headers of every answer."""

import pytest

pytestmark = pytest.mark.django_db
PAGES = ["/healthz", "/.well-known/security.txt", "/nothing-here", "/login"]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_is_dressed(client, path):
    response = client.get(path)
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert response["X-Request-ID"]
    assert "Access-Control-Allow-Origin" not in response


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_has_the_strict_policy(client, path):
    directives = dict(
        part.strip().split(" ", 1)
        for part in client.get(path)["Content-Security-Policy"].split(";")
    )
    assert directives["default-src"] == "'none'"
    assert directives["frame-ancestors"] == "'none'"
    assert directives["base-uri"] == "'none'"
    assert "unsafe" not in str(directives)
    assert "data:" not in str(directives)


def test_the_id_of_a_request_is_not_taken_from_the_client(client):
    response = client.get("/healthz", headers={"X-Request-ID": "forged"})
    assert response["X-Request-ID"] != "forged"


def test_a_body_of_ten_megabytes_is_a_400(client):
    response = client.post(
        "/i18n/setlang/", b"x" * 10_000_000, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 400


def test_security_txt_says_whom_to_tell(client, settings):
    text = client.get("/.well-known/security.txt").content.decode()
    assert f"Contact: {settings.SECURITY_CONTACT}" in text
    assert "Expires: 20" in text
