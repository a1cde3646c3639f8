from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import browser, codes, limits
from accounts.codes import Shape
from accounts.contacts.forms import PhoneForm
from accounts.contacts.reached import first_phone
from accounts.contacts.rules import Refusal, shown_phone
from accounts.floor import Floor
from accounts.marks import unmarked
from accounts.passwords import wording as password_wording
from accounts.passwords.advice import advise
from accounts.passwords.forms import PasswordForm
from accounts.passwords.services import AlreadySet
from accounts.users.locale import speak
from accounts.users.models import User
from sls.enrolment import activation, numbers, wording
from sls.enrolment.forms import ActivationForm, ResendForm
from sls.enrolment.models import Activation
from sls.login import flow
from sls.login.models import Attempt

FIRST_PROOF = "nobody is signed in yet; a code proves who it is"


@login_not_required
@sensitive_post_parameters("code")
@unmarked(FIRST_PROOF)
@require_http_methods(["GET", "HEAD", "POST"])
def activate(request: HttpRequest) -> HttpResponse:
    """User name and activation code; the same answer for every name that does not match."""
    if request.method != "POST":
        notice = wording.expired() if request.GET.get("ended") == "expired" else ""
        return _start(request, ActivationForm(), notice=notice)
    limits.demand("activations_per_address", request.origin.network)
    form = ActivationForm(request.POST)
    typed = codes.read(request.POST.get("code", ""), length=codes.CODE_LENGTH)
    if typed.shape is not Shape.WELL_FORMED:
        form.add_error("code", wording.of_shape(typed.shape))
    if not form.is_valid():
        return _start(request, form)
    secret = browser.new_secret()
    with Floor():
        token = activation.redeem(
            username=form.cleaned_data["username"],
            digits=typed.digits,
            origin=request.origin,
            browser=secret,
        )
    if token is None:
        form.add_error(None, wording.no_match())
        return _start(request, form)
    response = redirect("activation_password", token)
    browser.bind(response, token, secret)
    return response


def _start(request: HttpRequest, form: ActivationForm, *, notice: str = "") -> HttpResponse:
    return render(request, "enrolment/activate.html", {"form": form, "notice": notice})


@login_not_required
@unmarked(FIRST_PROOF)
@require_http_methods(["GET", "HEAD", "POST"])
def resend(request: HttpRequest) -> HttpResponse:
    """Mails an activation code, if there is one to mail; the same answer for every name."""
    if request.method != "POST":
        return render(request, "enrolment/resend.html", {"form": ResendForm()})
    limits.demand("activations_per_address", request.origin.network)
    form = ResendForm(request.POST)
    if form.is_valid():
        with Floor():
            activation.resend(username=form.cleaned_data["username"], origin=request.origin)
    context = {"form": form, "sent": form.is_valid()}
    return render(request, "enrolment/resend.html", context)


@login_not_required
@sensitive_post_parameters("password")
@unmarked(FIRST_PROOF)
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest, token: str) -> HttpResponse:
    """The first password, and the consent to codes by telephone that continuing gives."""
    found = activation.find(token)
    if found is None or not browser.holds(request, found):
        raise Http404
    speak(request, found.user)
    if not found.is_live(timezone.now()):
        return _over(found)
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _password_page(request, token, found.user, form)
    try:
        reasons = activation.choose_password(
            found, password=form.cleaned_data["password"], origin=request.origin
        )
    except AlreadySet:
        return _over(found)
    if reasons:
        form.add_error("password", password_wording.of_reasons(reasons))
        return _password_page(request, token, found.user, form)
    activation.consent(user=found.user, origin=request.origin)
    return _verify_number(request, found.user)


@login_not_required
@sensitive_post_parameters("password")
@unmarked(FIRST_PROOF)
@require_POST
def password_advice(request: HttpRequest, token: str) -> JsonResponse:
    """What the page would say of a first password, while it is typed."""
    found = activation.find(token)
    if found is None or not browser.holds(request, found) or not found.is_live(timezone.now()):
        raise Http404
    speak(request, found.user)
    limits.demand("password_advice_per_user", str(found.user_id))
    return JsonResponse(advise(user=found.user, form=PasswordForm(request.POST)))


def _over(found: Activation) -> HttpResponse:
    if found.user.has_usable_password():
        return redirect("login")
    return redirect(f"{reverse('activate')}?ended=expired")


def _password_page(
    request: HttpRequest, token: str, user: User, form: PasswordForm
) -> HttpResponse:
    phone = first_phone(user.pk)
    context = {
        "attempt": token,
        "form": form,
        "username": user.username,
        "advice": password_wording.advice(),
        "number": shown_phone(phone.number) if phone else "",
    }
    return render(request, "enrolment/password.html", context)


def _verify_number(request: HttpRequest, user: User, old: Attempt | None = None) -> HttpResponse:
    """Sends the code to the mobile number and goes to its page, which is that of the sign-in."""
    secret = browser.new_secret()
    wish = flow.Wish(
        public_computer=old.public_computer if old else False,
        next_path=old.next_path if old else "",
        browser=secret,
    )
    begun = flow.begin_enrolment(user=user, origin=request.origin, wish=wish)
    if begun.problem:
        return redirect(f"{reverse('login')}?ended={begun.problem.code}")
    response = redirect("login_attempt", begun.token)
    browser.bind(response, begun.token, secret)
    return response


@login_not_required
@unmarked(FIRST_PROOF)
@require_http_methods(["GET", "HEAD", "POST"])
def number(request: HttpRequest, token: str) -> HttpResponse:
    """Another mobile number, as long as none was verified.

    ``token`` is that of the activation before there is a password, of the sign-in afterwards.
    """
    found = activation.find(token) or flow.find(token)
    if found is None or not browser.holds(request, found):
        raise Http404
    user = found.user
    speak(request, user)
    if not numbers.is_open(found, timezone.now()):
        return redirect("login")
    form = PhoneForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["number"]
        phone = numbers.replace(user=user, typed=typed, origin=request.origin)
        if not isinstance(phone, Refusal):
            return _number_taken(request, token, found)
        form.add_error("number", wording.of_number(phone))
    is_attempt = isinstance(found, Attempt)
    back = reverse("login_attempt" if is_attempt else "activation_password", args=[token])
    context = {"attempt": token, "form": form, "back_url": back, "enrolling": is_attempt}
    return render(request, "enrolment/number.html", context)


def _number_taken(request: HttpRequest, token: str, found: Activation | Attempt) -> HttpResponse:
    if isinstance(found, Activation):
        return redirect("activation_password", token)
    activation.consent(user=found.user, origin=request.origin)
    response = _verify_number(request, found.user, found)
    browser.release(response, found)
    return response
