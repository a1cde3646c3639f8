"""Rows as the admin shows them: to look at, to search and to filter, never to change."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from accounts.cases.models import Case
from accounts.client_accounts.models import ClientAccount
from portal.console.doors import powers_of
from portal.console.rules import Power


class NoCount(Paginator):
    """Never counts a large table whole: beyond ``most`` rows a search has to be narrowed."""

    most = 2_000

    @property
    def count(self) -> int:
        """Rows up to ``most``; the question to the database ends there."""
        return len(self.object_list.values_list("pk", flat=True)[: self.most])


def _moment(at: datetime | None) -> str:
    return render_to_string("components/time.html", {"at": at}) if at else ""


class ReadOnly(admin.ModelAdmin):
    """Rows for whoever has ``power``. What changes something is an act (``acting.py``)."""

    power = Power.SEE_CLIENT
    actions = None
    sortable_by = ()  # no other order has an index
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = NoCount
    change_list_template = "console/rows.html"
    change_form_template = "console/row.html"
    object_history_template = "console/row_history.html"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By the one table of the console."""
        return self.power in powers_of(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The same."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


class CaseAdmin(ReadOnly):
    """Every report, also those that are closed."""

    power = Power.CASES
    list_display = ("written", "kind", "status", "user", "opened", "closed", "reason")
    list_filter = ("status", "kind")
    search_fields = ("reference__exact", "user__username__exact")
    list_select_related = ("user",)
    ordering = ("-pk",)
    fields = ("written", "kind", "status", "user", "opened", "closed", "reason")

    @admin.display(description=_("Reference"))
    def written(self, row: Case) -> str:
        """As people read it."""
        return row.shown

    @admin.display(description=_("Opened"), ordering="opened_at")
    def opened(self, row: Case) -> str:
        """When it was."""
        return _moment(row.opened_at)

    @admin.display(description=_("Closed"), ordering="closed_at")
    def closed(self, row: Case) -> str:
        """When it was."""
        return _moment(row.closed_at)


class AccountAdmin(ReadOnly):
    """The accounts with the brokerage."""

    list_display = ("number", "entity", "kind", "currency", "opened")
    list_filter = ("entity", "kind")
    search_fields = ("number__exact",)
    ordering = ("-pk",)
    fields = ("number", "entity", "kind", "currency", "opened")

    @admin.display(description=_("Opened"), ordering="opened_at")
    def opened(self, row: ClientAccount) -> str:
        """When it was."""
        return _moment(row.opened_at)


REGISTERED = {Case: CaseAdmin, ClientAccount: AccountAdmin}
