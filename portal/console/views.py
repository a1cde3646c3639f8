from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sls.methods import registry


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Where staff land: who they are here, and what the console will hold."""
    row = request.session_row
    context = {"session": row, "method": registry.get(row.method).label}
    return render(request, "console/index.html", context)
