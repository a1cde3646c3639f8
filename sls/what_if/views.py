from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sls.what_if import pages


@require_safe
def what_if(request: HttpRequest) -> HttpResponse:
    """The matrix: what would still open the door."""
    return render(request, "what_if/matrix.html", {"shown": pages.what_if(request.user)})
