"""Opening accounts: one, or many from a table that is tried first."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.client_accounts.models import LegalEntity
from accounts.marks import unmarked
from portal.console import opening
from portal.console.doors import actor_of, needs, origin_of
from portal.console.rules import Power
from sls.enrolment.services import CannotOpen, Opening, open_account

WHY = "opens an account that nobody can use before its owner has activated it"


class OpenForm(forms.Form):
    """What the brokerage knows of a new client."""

    username = forms.CharField(label=gettext_lazy("User name"), max_length=64)
    name = forms.CharField(label=gettext_lazy("Full name"), max_length=120)
    email = forms.CharField(label=gettext_lazy("E-mail address"), max_length=254)
    mobile = forms.CharField(
        label=gettext_lazy("Mobile number"),
        max_length=40,
        help_text=gettext_lazy("With the country code, such as +1 415 555 0101."),
    )
    account = forms.CharField(
        label=gettext_lazy("Account number"),
        max_length=12,
        help_text=gettext_lazy("U and seven digits."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    entity = forms.ChoiceField(
        label=gettext_lazy("Legal entity"),
        choices=[("", gettext_lazy("By the country of the number")), *LegalEntity.choices],
        required=False,
    )


class TableForm(forms.Form):
    """A table as text, or as a file."""

    table = forms.CharField(
        label=gettext_lazy("The table"), widget=forms.Textarea, required=False, strip=False
    )
    file = forms.FileField(label=gettext_lazy("Or a file"), required=False)

    def clean(self) -> dict[str, Any]:
        """The text of whichever was given."""
        cleaned = super().clean()
        text, file = cleaned.get("table") or "", cleaned.get("file")
        if file is not None and not text.strip():
            try:
                text = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise forms.ValidationError(_("The file is no text in UTF-8.")) from None
        if not text.strip():
            raise forms.ValidationError(_("Paste the table, or choose a file."))
        try:
            cleaned["rows"] = opening.read(text)
        except opening.Unreadable as error:
            raise forms.ValidationError(str(error)) from None
        cleaned["text"] = text
        return cleaned


@never_cache
@needs(Power.OPEN_ACCOUNT)
@unmarked(WHY)
@require_http_methods(["GET", "HEAD", "POST"])
def open_one(request: HttpRequest) -> HttpResponse:
    """One account; its owner gets the activation code by mail."""
    form = OpenForm(request.POST if request.method == "POST" else None)
    error = ""
    if form.is_valid():
        try:
            user = open_account(
                opening=Opening(**form.cleaned_data),
                origin=origin_of(request),
                actor=actor_of(request.user),
            )
        except CannotOpen as refused:
            error = _("The account is not opened: %(why)s.") % {"why": refused}
        else:
            messages.success(request, _("Opened. The activation code is on its way by e-mail."))
            return redirect("console:client", user.username)
    return render(request, "console/open_account.html", {"form": form, "error": error})


@never_cache
@needs(Power.OPEN_ACCOUNT)
@unmarked(WHY)
@require_http_methods(["GET", "HEAD", "POST"])
def open_many(request: HttpRequest) -> HttpResponse:
    """A table of accounts: tried first, then opened as a whole or not at all."""
    if request.method != "POST":
        return _table(request, TableForm())
    form = TableForm(request.POST, request.FILES)
    if not form.is_valid():
        return _table(request, form)
    keep = request.POST.get("step") == "open"
    rows = form.cleaned_data["rows"]
    origin, actor = origin_of(request), actor_of(request.user)
    lines = opening.run(rows, keep=keep, origin=origin, actor=actor)
    wrong = sum(bool(line.error) for line in lines)
    if keep and not wrong:
        words = ngettext(
            "%(count)d account is opened.", "%(count)d accounts are opened.", len(lines)
        )
        messages.success(request, words % {"count": len(lines)})
        return redirect("console:open_accounts")
    return _table(request, form, lines=lines, wrong=wrong, text=form.cleaned_data["text"])


def _table(request: HttpRequest, form: TableForm, **found: Any) -> HttpResponse:
    context = {"form": form, "columns": ", ".join(opening.COLUMNS), **found}
    return render(request, "console/open_accounts.html", context)
