from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import limits
from accounts.challenges import wording as code_wording
from accounts.challenges.wording import Problem
from accounts.contacts import kinds, pages, services, verification, wording
from accounts.contacts.forms import EmailForm, PhoneForm
from accounts.contacts.kinds import EMAIL, KINDS, PHONE, Contact, Kind
from accounts.contacts.rules import Refusal
from accounts.marks import sensitive, unmarked
from accounts.outbox.models import Channel

CHANGE = "contacts.change"
FORMS = {PHONE: PhoneForm, EMAIL: EmailForm}


def _refused(request: HttpRequest, why: str, kind: str) -> HttpResponse:
    """The list again, with what was typed and why it is not taken."""
    found = KINDS[kind]
    form = FORMS[found](request.POST)
    if form.is_valid():
        form.add_error(_field(found), why)
    return _list_page(request, found, form)


@sensitive(CHANGE, refused=_refused)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_list(request: HttpRequest, kind: str) -> HttpResponse:
    """The list of numbers or addresses, and the form that adds one."""
    found = KINDS[kind]
    form = FORMS[found](request.POST or None)
    if request.method == "POST" and form.is_valid():
        add = services.add_phone if found is PHONE else services.add_email
        typed = form.cleaned_data[_field(found)]
        added = add(user_id=request.user.pk, typed=typed, origin=request.origin)
        if not isinstance(added, Refusal):
            return redirect(f"{kind}_verify", added.pk)
        form.add_error(_field(found), wording.of_refusal(added, found))
    return _list_page(request, found, form)


def _field(kind: Kind) -> str:
    return "number" if kind is PHONE else "email"


def _list_page(request: HttpRequest, kind: Kind, form: PhoneForm | EmailForm) -> HttpResponse:
    context = pages.listing(kind, request.user.pk)
    return render(request, f"contacts/{kind.name}s.html", {**context, "form": form})


@sensitive_post_parameters("code")
@unmarked("a code that was sent to the contact proves more than a step-up would")
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Sends a code to the contact (``delivery``) or takes the one that was typed (``code``)."""
    contact = _find(request, kind, pk)
    if contact.suggested:
        context = {"contact": contact, "kind": kind}
        return render(request, "contacts/suggested.html", context)
    if request.method != "POST":
        return _verify_page(request, contact)
    if "delivery" in request.POST:
        return _send(request, contact)
    text = request.POST.get("code", "")
    problem = verification.confirm(contact=contact, text=text, origin=request.origin)
    if problem is not None:
        return _verify_page(request, contact, problem, text[:64])
    messages.success(request, _("%(contact)s is verified.") % {"contact": contact.shown})
    return redirect(f"{kind}s")


@sensitive(CHANGE)
@require_POST
def take(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Takes what support put on the list, by the proof that adding it oneself would ask for."""
    services.take(contact=_find(request, kind, pk), origin=request.origin)
    return redirect(f"{kind}_verify", pk)


def _send(request: HttpRequest, contact: Contact) -> HttpResponse:
    channel = _channel(request, contact)
    if channel is Channel.SMS and not contact.takes_sms:
        refusal = Refusal.OPTED_OUT if contact.opted_out_at else Refusal.NO_TEXT
        problem = Problem(refusal.value, wording.of_refusal(refusal, PHONE))
        return _verify_page(request, contact, problem)
    decided = verification.send_code(contact=contact, channel=channel, origin=request.origin)
    if decided.bar is None:
        return redirect(request.path)
    problem = code_wording.of_sending(decided, timezone.now())
    return _verify_page(request, contact, problem)


def _channel(request: HttpRequest, contact: Contact) -> Channel:
    wanted = request.POST["delivery"]
    for channel in kinds.of(contact).channels:
        if channel.value == wanted:
            return channel
    raise BadRequest("no such way to send a code")


def _verify_page(
    request: HttpRequest, contact: Contact, problem: Problem | None = None, typed: str = ""
) -> HttpResponse:
    context = {**pages.verification_page(contact), "error": problem, "typed": typed}
    response = render(request, f"contacts/{context['kind']}_verify.html", context)
    return limits.slowed(response, problem and problem.retry_after)


@sensitive(CHANGE)
@require_POST
def primary(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Makes the contact the one that is used first."""
    contact = _find(request, kind, pk)
    refusal = services.make_primary(contact=contact, origin=request.origin)
    done = _("%(contact)s is primary now.") % {"contact": contact.shown}
    return _back(request, KINDS[kind], refusal, done)


@sensitive(CHANGE)
@require_POST
def remove(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Takes the contact off the list."""
    contact = _find(request, kind, pk)
    refusal = services.remove(contact=contact, origin=request.origin)
    done = _("%(contact)s was removed.") % {"contact": contact.shown}
    return _back(request, KINDS[kind], refusal, done)


@unmarked("it changes nothing, and sends no more than a few messages an hour")
@require_POST
def test(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Sends a test message to a verified number."""
    contact = _find(request, kind, pk)
    outcome = services.send_test(phone=contact, origin=request.origin)
    if isinstance(outcome, Refusal):
        return _back(request, PHONE, outcome, "")
    if outcome.over:
        raise limits.TooMany(outcome.retry_after)
    done = _("A test message is on its way to %(contact)s.") % {"contact": contact.shown}
    return _back(request, PHONE, None, done)


def _find(request: HttpRequest, kind: str, pk: int) -> Contact:
    # Somebody else's contact and one that never was are the same 404.
    contact = KINDS[kind].model.objects.filter(user_id=request.user.pk, pk=pk).first()
    if contact is None:
        raise Http404
    return contact


def _back(request: HttpRequest, kind: Kind, refusal: Refusal | None, done: str) -> HttpResponse:
    if refusal is None:
        messages.success(request, done)
    else:
        messages.error(request, wording.of_refusal(refusal, kind))
    return redirect(f"{kind.name}s")
