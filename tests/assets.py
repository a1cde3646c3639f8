"""Styles and scripts for a browser of the tests, as cheap as in production: read once, and kept.

Each story begins with a browser that keeps nothing yet. Fifty style sheets, each looked for on the
disk and asked for by itself, would take longer than the page that they are for.
"""

import mimetypes
import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import Http404, HttpRequest, HttpResponse

IMPORT = re.compile(r'@import url\("(?P<file>[^"]+)"\) layer\((?P<layer>\w+)\)(?P<media>[^;]*);')


def serve(handler: StaticFilesHandler, request: HttpRequest) -> HttpResponse:
    """In place of ``StaticFilesHandler.serve``; raises ``Http404`` as that does."""
    content, kind = _read(handler.file_path(request.path))
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": "max-age=3600"})


@cache
def _read(path: str) -> tuple[bytes, str]:
    found = finders.find(path.lstrip("/"))
    if not found:
        raise Http404(path)
    kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
    content = Path(found).read_bytes()
    if kind == "text/css":
        content = IMPORT.sub(lambda one: _imported(found, one), content.decode()).encode()
    return content, kind


def _imported(importer: str, one: re.Match[str]) -> str:
    """What a browser makes of it: the file's rules, in their layer and for their medium."""
    rules = (Path(importer).parent / one["file"]).read_text(encoding="utf-8")
    rules = f"@layer {one['layer']} {{{rules}}}"
    return f"@media {one['media']} {{{rules}}}" if one["media"].strip() else rules
