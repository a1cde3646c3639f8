from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.contacts import changes, pages, undoing, wording
from accounts.contacts.kinds import KINDS
from accounts.marks import sensitive, unmarked


@never_cache
@login_not_required
@unmarked("the link went to an address that was trusted before, and only restores what was then")
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """From a mail: shows what would be undone, and undoes it. Looking changes nothing."""
    told = pages.told(token)
    if told is None:
        raise Http404
    change, email = told
    if request.method == "POST":
        # Not the session of this browser: whoever reads the mail may not be who is signed in.
        origin = replace(request.origin, session="")
        undoing.undo(change=change, origin=origin, actor=f"mail:{email.masked}")
        return redirect("contact_undo", token)
    return render(request, "contacts/undo.html", pages.undo_page(change))


@sensitive("contacts.change")
@require_POST
def undo(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The same by the owner, who is signed in and stays so."""
    found = KINDS[kind]
    change = changes.find(pk, user_id=request.user.pk, kind=found)
    if change is None:
        raise Http404
    refusal = undoing.undo(change=change, origin=request.origin)
    if refusal is None:
        done = _("It is as it was before. You were logged off everywhere else.")
        messages.success(request, done)
    else:
        messages.error(request, wording.of_refusal(refusal, found))
    return redirect(f"{kind}s")
