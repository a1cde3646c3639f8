from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sls.withdrawals import pages


@require_safe
def limits(request: HttpRequest) -> HttpResponse:
    """Each method and its limits, which of them are held, and which limit applies now."""
    standing = pages.standing(request.user, method=request.session_row.method)
    return render(request, "withdrawals/limits.html", {"standing": standing})
