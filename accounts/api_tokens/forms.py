from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.api_tokens import rules, wording
from accounts.api_tokens.rules import LIVES, READING, Scope
from accounts.client_accounts.models import ClientAccount
from accounts.ip_restrictions import networks
from accounts.ip_restrictions.networks import Refused
from accounts.ip_restrictions.wording import unfit

_NO_ACCOUNTS: Mapping[str, ClientAccount] = MappingProxyType({})


class TokenForm(forms.Form):
    """What a new token is called, may do, and from where; read-only for a day unless changed."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=rules.NAME_MAX,
        error_messages={"required": gettext_lazy("Give it a name that tells what it is for.")},
    )
    lasts = forms.ChoiceField(
        label=gettext_lazy("It lasts"), choices=wording.lasts, initial=rules.DEFAULT_LIFE
    )
    addresses = forms.CharField(
        label=gettext_lazy("Only from these addresses"), required=False, max_length=2000
    )

    def __init__(
        self,
        *args: object,
        private: bool,
        accounts: Mapping[str, ClientAccount] = _NO_ACCOUNTS,
        **kwargs: object,
    ) -> None:
        """``accounts`` are those for algorithms that a token may be for, by number."""
        super().__init__(*args, **kwargs)
        self._private, self._accounts = private, accounts
        choices = [(number, number) for number in accounts]
        # One that was named and is for algorithms no more is refused: it must not become all.
        if choices or self.data.get("account"):
            others = ("", _("All your accounts but those for algorithms"))
            self.fields["account"] = forms.ChoiceField(
                label=_("For"), choices=[others, *choices], required=False
            )
        for one in Scope:
            self.fields[field_of(one)] = forms.BooleanField(
                label=wording.SCOPES[one], required=False, initial=one in READING
            )

    @property
    def boxes(self) -> list[forms.BoundField]:
        """The scopes, one box each: no field of a request that is proven may be repeated."""
        return [self[field_of(one)] for one in Scope]

    @property
    def scopes(self) -> list[Scope]:
        return self._chosen()

    @property
    def account(self) -> ClientAccount | None:
        """The account for algorithms that it is for; None for all the others."""
        number = self.cleaned_data.get("account")
        return self._accounts[number] if number else None

    @property
    def life(self) -> timedelta:
        return LIVES[self.cleaned_data["lasts"]]

    def clean_name(self) -> str:
        """One line that can be read: it stands in mails and in the record."""
        name = " ".join(self.cleaned_data["name"].split())
        if not name.isprintable():
            raise forms.ValidationError(_("The name has signs that nobody can see. Type it anew."))
        return name

    def clean_addresses(self) -> list[str]:
        """Networks in their one spelling, in the order typed."""
        typed = self.cleaned_data["addresses"].replace(",", " ").split()
        if len(typed) > rules.NETWORKS_MAX:
            most = {"most": rules.NETWORKS_MAX}
            raise forms.ValidationError(_("Name %(most)s addresses at most.") % most)
        found = []
        for one in typed:
            read = networks.parse(one, private=self._private)
            if isinstance(read, Refused):
                raise forms.ValidationError(f"{one[: networks.TYPED_MAX]}: {unfit(read)}")
            found.append(read.text)
        return list(dict.fromkeys(found))

    def clean(self) -> dict:
        """At least one scope, and of an account for algorithms none that is about the person."""
        if not any(self.cleaned_data.get(field_of(one)) for one in Scope):
            self.add_error(field_of(Scope.ACCOUNT), _("Choose at least one thing it may do."))
        if self.cleaned_data.get("account"):
            for one in set(self._chosen()) - rules.OF_ACCOUNT:
                text = _("A token of an account for algorithms reads nothing else.")
                self.add_error(field_of(one), text)
        return self.cleaned_data

    def _chosen(self) -> list[Scope]:
        return [one for one in Scope if self.cleaned_data.get(field_of(one))]


def field_of(scope: Scope) -> str:
    """The name of the box of a scope."""
    return f"may_{scope.value.replace('.', '_')}"
