"""The page of IB Key, its service worker and its manifest."""

import gzip
import json
import re

import pytest
from django.conf import settings

from sls.ib_key_app import shell
from sls.ib_key_app.words.catalogue import WORDS, catalogue

MOST = 60_000  # bytes, compressed
SCRIPTS = sorted((settings.BASE_DIR / "static" / "ibkey").rglob("*.js"))
LITERAL = re.compile(r'"([a-z_]+(?:\.[a-z_0-9]+)?)"')
COMPOSED = re.compile(r"\bt\(`([a-z.]+)\$\{[\w.]+\}(\w*)`\)")


def worker(client) -> str:
    return client.get("/ibkey/sw.js").content.decode()


def kept(client) -> dict:
    return json.loads(re.search(r"const FACTS = (.*);", worker(client))[1])


def is_served(client, path: str) -> bool:
    response = client.get(path)
    response.close()
    return response.status_code == 200


def test_the_shell_fits_in_60_kilobytes(client, db):
    parts = [client.get("/ibkey/").content, client.get("/ibkey/sw.js").content]
    parts += [one.read_bytes() for one in shell.files()]
    assert sum(len(gzip.compress(part)) for part in parts) < MOST


def test_the_page_is_the_same_for_everybody(client, alice, sign_in):
    before = client.get("/ibkey/").content
    sign_in(client, alice)
    assert client.get("/ibkey/").content == before
    assert b"alice" not in before.replace(b"alice@", b"")


def test_the_page_carries_no_nonce_and_allows_no_script_but_ours(client, db):
    response = client.get("/ibkey/")
    assert "script-src 'self';" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert b"nonce" not in response.content
    assert b"style=" not in response.content


def test_the_service_worker_keeps_every_file_of_the_shell(client, db):
    facts = kept(client)
    assert facts["shell"][0] == "/ibkey/"
    for path in facts["shell"]:
        assert is_served(client, path)
    for script in SCRIPTS:
        assert f"/static/ibkey/{script.relative_to(SCRIPTS[0].parent)}" in facts["shell"]


def test_the_version_changes_with_a_byte_of_the_shell(client, db, monkeypatch, tmp_path):
    before = kept(client)["version"]
    assert kept(client)["version"] == before
    changed = tmp_path / "app.css"
    changed.write_text("/* other */")
    files = shell.files()
    monkeypatch.setattr(shell, "files", lambda: [*files[:-1], changed])
    assert shell.version() != before


def test_the_service_worker_reads_the_api_never_and_is_never_kept_itself(client, db):
    response = client.get("/ibkey/sw.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-store"
    assert not any(path.startswith("/api/") for path in kept(client)["shell"])


def test_the_manifest_makes_the_app_installable(client, db):
    response = client.get("/ibkey/manifest.webmanifest")
    body = response.json()
    assert response["Content-Type"] == "application/manifest+json"
    assert (body["start_url"], body["scope"], body["display"]) == (*["/ibkey/"] * 2, "standalone")
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in body["icons"]}
    for icon in body["icons"]:
        assert is_served(client, icon["src"])


def asked_for() -> set[str]:
    """The keys that the scripts name; of a composed one, every key that fits."""
    texts = [script.read_text() for script in SCRIPTS]
    found = {key for text in texts for key in LITERAL.findall(text) if key in WORDS}
    for text in texts:
        for before, after in COMPOSED.findall(text):
            fits = re.compile(rf"{re.escape(before)}[a-z_0-9]+?{after}")
            found |= {key for key in WORDS if fits.fullmatch(key)}
    return found


def test_every_key_that_a_script_asks_for_has_words():
    called = re.compile(r'\bt\("([^"]+)"')
    named = {key for script in SCRIPTS for key in called.findall(script.read_text())}
    assert named - WORDS.keys() == set()


def test_no_words_are_carried_for_nothing():
    assert WORDS.keys() - asked_for() == set()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_both_languages_fill_in_the_same_facts(language):
    facts = re.compile(r"\{(\w+)\}")
    for key, text in catalogue()[language].items():
        assert text
        assert sorted(facts.findall(text)) == sorted(facts.findall(catalogue()["en"][key]))
