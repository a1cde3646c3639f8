from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.console import queues
from portal.console.doors import needs, powers_of, roles_of
from portal.console.rules import Role
from portal.console.wording import ROLES
from sls.methods import registry


@never_cache
@needs(None)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Where staff land: one field to find a client by, and what waits."""
    row = request.session_row
    roles = [str(ROLES[Role(name)]) for name in sorted(roles_of(request.user)) if name in ROLES]
    context = {
        "method": registry.get(row.method).label,
        "roles": roles,
        "queues": queues.of(request.user, powers_of(request.user)) if roles else [],
    }
    return render(request, "console/index.html", context)
