"""Sharing a card: the other name and its password, a response of the card, and the proof here."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import limits
from accounts.challenges.wording import Problem
from accounts.marks import sensitive, unmarked
from accounts.passwords import proof
from accounts.passwords.wording import slow_down
from accounts.users.models import User
from sls.cards import listing, pages, sharing, wording
from sls.cards.forms import HolderForm
from sls.cards.models import Share
from sls.cards.rules import Refusal

SHARE = "card.share"


@sensitive_post_parameters("username", "password")
@unmarked("it is the consent of the other name; the sharing itself is a proven request")
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest) -> HttpResponse:
    """The other user name, which holds the card, and its password."""
    form = HolderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limits.demand("sign_ins_per_address", request.origin.network)
        begun = _begin(request, form)
        if isinstance(begun, Share):
            return redirect("card_share_answer", begun.pk)
        form.add_error("username", begun.text)
    return render(request, "cards/share.html", {"form": form})


def _begin(request: HttpRequest, form: HolderForm) -> Share | Problem:
    name = form.cleaned_data["username"]
    holder = User.objects.by_name(name)
    proven = proof.prove(
        name=name,
        user=holder,
        password=form.cleaned_data["password"],
        origin=request.origin,
        at="sharing",
    )
    if proven.barred is not None:
        return slow_down(proven.barred.until)
    if not proven.right or holder is None:
        return Problem("wrong", _("That user name and password do not match. Check both."))
    begun = sharing.begin(
        user=request.user,
        holder=holder,
        session=request.session_row.key,
        origin=request.origin,
    )
    return sharing.refusal_in_words(begun) if isinstance(begun, Refusal) else begun


@sensitive_post_parameters("code")
@unmarked("it is the consent of the other name; the sharing itself is a proven request")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, share: UUID) -> HttpResponse:
    """The response of the card; then what is about to be shared, to be confirmed."""
    found = _find(request, share)
    problem, typed = None, request.POST.get("code", "")
    if request.method == "POST" and found.consented_at is None:
        problem = sharing.answer(found, text=typed, origin=request.origin)
        if problem is None:
            return redirect("card_share_answer", found.pk)
    context = {
        **pages.sharing(found),
        "error": problem.text if problem else "",
        "typed": typed[:64],
    }
    return render(request, "cards/share_answer.html", context)


@sensitive(SHARE)
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Shares it."""
    try:
        found = _find(request, UUID(request.POST.get("share", "")))
    except ValueError:
        raise Http404 from None
    done = sharing.finish(found, origin=request.origin)
    if isinstance(done, Refusal):
        messages.error(request, wording.of_refusal(done))
        return redirect("devices")
    messages.success(request, _("The card serves this user name too from now on."))
    return redirect("card", done.pk)


@sensitive(SHARE)
@require_POST
def unshare(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the card away from another user name."""
    device = listing.of_user(request.user.pk).filter(pk=pk).first()
    if device is None:
        raise Http404
    username = request.POST.get("username", "")
    refusal = sharing.take_away(device=device, username=username, origin=request.origin)
    if refusal is None:
        messages.success(request, _("The card does not serve that user name any more."))
    else:
        messages.error(request, wording.of_refusal(refusal))
    return redirect("card", pk)


def _find(request: HttpRequest, share: UUID) -> Share:
    found = sharing.find(share, user_id=request.user.pk, session=request.session_row.key)
    if found is None:
        raise Http404
    return found
