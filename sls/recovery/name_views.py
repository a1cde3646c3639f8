from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts.contacts import rules as contacts
from accounts.contacts.rules import Refusal
from accounts.floor import Floor
from accounts.marks import unmarked
from sls.recovery import names, wording
from sls.recovery.forms import ContactsForm


@login_not_required
@unmarked("it changes nothing, and tells nobody but the owner of the address")
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest) -> HttpResponse:
    """A forgotten user name; the same answer whether there is one or not."""
    if request.method != "POST":
        return _page(request, ContactsForm())
    limits.demand("recoveries_per_address", request.origin.network)
    form = ContactsForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    email = contacts.read_email(form.cleaned_data["email"])
    phone = contacts.read_phone(form.cleaned_data["number"])
    if isinstance(email, Refusal):
        form.add_error("email", wording.of_email(email))
    if isinstance(phone, Refusal):
        form.add_error("number", wording.of_phone(phone))
    if form.errors:
        return _page(request, form)
    with Floor():
        names.send(email=email, phone=phone, origin=request.origin)
    return _page(request, form, sent=True)


def _page(request: HttpRequest, form: ContactsForm, *, sent: bool = False) -> HttpResponse:
    return render(request, "recovery/name.html", {"form": form, "sent": sent})
