from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import limits, qr
from portal.recovery_kit import facts, rules, tokens


@never_cache
@require_safe
def recovery_kit(request: HttpRequest) -> HttpResponse:
    """The page to print."""
    found, now = facts.of(request.user), timezone.now()
    packed = rules.pack(facts.marks(request.user, found))
    context = {
        "facts": found,
        "at": now,
        "version": rules.version(packed),
        "qr": qr.drawn(tokens.url(request.user, at=now, packed=packed)),
    }
    return render(request, "recovery_kit/kit.html", context)


@never_cache
@login_not_required
@require_safe
def kit_current(request: HttpRequest, token: str) -> HttpResponse:
    """Whether a printed kit is still current; its owner, signed in, reads what has changed."""
    limits.demand("kits_per_address", request.origin.network)
    printed = tokens.read(token)
    if printed is None:
        return render(request, "recovery_kit/unknown.html", status=404)
    found = facts.of(printed.user)
    changed = rules.changed(printed.packed, facts.marks(printed.user, found))
    is_owner = request.user.is_authenticated and request.user.pk == printed.user.pk
    context = {
        "at": printed.at,
        "version": rules.version(printed.packed),
        "is_current": changed == [],
        "is_owner": is_owner,
        # Nothing of it is even handed to the page of anybody else.
        "changed": [found[code].label for code in changed or ()] if is_owner else [],
    }
    return render(request, "recovery_kit/current.html", context)
