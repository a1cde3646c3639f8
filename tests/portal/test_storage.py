"""Static files of production carry the hash of their content, in the imports of modules too."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

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
    hashed = [path for path in (collected / "js").rglob("*.js") if HASHED.search(path.name)]
    assert hashed
    for path in hashed:
        for target in IMPORTED.findall(path.read_text()):
            assert HASHED.search(target), f"{path.name} imports {target}"
            assert (path.parent / target).is_file(), f"{path.name} imports {target}"


def test_files_are_compressed_beforehand(collected):
    assert list(collected.rglob("*.css.gz"))
