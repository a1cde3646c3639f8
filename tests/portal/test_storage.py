"""Static files of production carry the hash of their content, in the imports of modules too."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from sls.ib_key_app import shell
from tests import assets

HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")
IMPORTED = re.compile(r"""(?:from|import)\s*\(?["'](\.[^"'$]+)["']""")


@pytest.fixture
def collected(settings, tmp_path) -> Path:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "portal.storage.HashedStaticFiles"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_every_module_imports_hashed_files_that_exist(collected):
    scripts = [*(collected / "js").rglob("*.js"), *(collected / "ibkey").rglob("*.js")]
    hashed = [path for path in scripts if HASHED.search(path.name)]
    assert hashed
    for path in hashed:
        for target in IMPORTED.findall(path.read_text()):
            assert HASHED.search(target), f"{path.name} imports {target}"
            assert (path.parent / target).is_file(), f"{path.name} imports {target}"


def test_files_are_compressed_beforehand(collected):
    assert list(collected.rglob("*.css.gz"))


def test_the_service_worker_keeps_each_module_under_the_name_that_others_import(collected):
    kept = {Path(address).name for address in shell.addresses()}
    imported = {
        Path(target).name
        for path in (collected / "ibkey").rglob("*.js")
        if HASHED.search(path.name)
        for target in IMPORTED.findall(path.read_text())
    }
    assert imported
    assert imported <= kept


def test_the_style_sheet_is_imports_and_nothing_between_them():
    """A browser passes over an import that stands behind a rule; ``tests/assets.py`` would not."""
    main = settings.BASE_DIR / "static" / "css" / "main.css"
    said = re.sub(r"/\*.*?\*/", "", main.read_text(encoding="utf-8"), flags=re.S)
    order, *imports = [one.strip() for one in said.strip().split(";") if one.strip()]
    assert order.startswith("@layer ")
    read = [assets.IMPORT.fullmatch(f"{one};") for one in imports]
    assert all(read), [one for one, well in zip(imports, read, strict=True) if not well]
    assert [one["file"] for one in read if not (main.parent / one["file"]).is_file()] == []
    assert {one["layer"] for one in read} <= set(re.findall(r"\w+", order))
