"""Lets a marked view be reached only by a proven request (DESIGN 2)."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts import limits, marks
from accounts.sessions.models import Session
from accounts.sessions.rules import is_verified
from sls.step_up import rules, services, wording
from sls.step_up.acts import table as acts
from sls.step_up.acts.act import Act
from sls.step_up.models import Pending


class SecretInMarkedPost(BadRequest):
    """A password or code was posted to a view whose requests are kept; it is refused instead."""


class NeedsProof(PermissionDenied):
    """An unproven request for ``action`` where no page can ask for the proof."""

    def __init__(self, action: str) -> None:
        super().__init__("needs a proof of identity")
        self.action = action


class StepUpMiddleware:
    """Reads the mark of the view. GET is free; a POST of a form passes with a grant for exactly
    this request or while the session's window for the action is open, or is held until it is
    proven. Everything else cannot be proven and is 403."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict
    ) -> HttpResponse | None:
        action = getattr(view, marks.ACTION, None)
        if action is None or request.method == "GET":
            return None
        return demand(request, action, args, kwargs, refused=getattr(view, marks.REFUSED, None))


def demand(
    request: HttpRequest,
    action: str,
    args: tuple,
    kwargs: dict,
    *,
    refused: Callable[..., HttpResponse] | None = None,
) -> HttpResponse | None:
    """None when this request may pass: its grant, if it needed one, is used up. Else where to
    prove it.

    Raises ``NeedsProof`` where no page can ask for the proof: for an action that is not in the
    table, or a request that is no form.
    """
    row = getattr(request, "session_row", None)
    known = rules.TABLE.keys() & acts.ACTS.keys()
    # The authenticator that gave the proof, for views that must not end it unnoticed.
    request.proven_by = ""
    if row is None or not _is_form(request) or action not in known:
        raise NeedsProof(action)
    # A limited session was opened minutes ago by a proof for this very act, and opens nothing else.
    if row.limited_to or _is_in_window(row, action):
        return None
    fields = _fields(request)
    if secrets := rules.secrets_among(name for name, _value in fields):
        return _too_late(request, action, [one for one in fields if one[0] not in secrets])
    digest = rules.digest(
        action=action,
        path=request.path,
        args=args,
        kwargs=kwargs,
        query=request.META.get("QUERY_STRING", ""),
        fields=fields,
    )
    grant = services.take_grant(user_id=row.user_id, session=row.key, digest=digest)
    if grant is not None:
        request.proven_by = grant.device
        return None
    if request.headers.get("HX-Request"):
        raise NeedsProof(action)
    act = _act(request, action, fields)
    if not act.refusal:
        return _hold(request, action, digest, fields, act)
    if refused is not None:
        return refused(request, act.refusal, *args, **kwargs)
    messages.error(request, act.refusal)
    return redirect(act.back)


def _is_in_window(row: Session, action: str) -> bool:
    # The table is asked too: what is used once stays so whatever a row says.
    return rules.TABLE[action].window and is_verified(
        timezone.now(), action=action, of=row.verified_action, until=row.verified_until
    )


def _is_form(request: HttpRequest) -> bool:
    """Only what the digest covers whole: fields of a form, no files, no other kind of body."""
    return request.method == "POST" and request.content_type in rules.FORMS and not request.FILES


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name != rules.CSRF_FIELD
        for value in values
    ]


def _too_late(request: HttpRequest, action: str, fields: list[tuple[str, str]]) -> HttpResponse:
    """Lets go of a password or PIN, which is never kept, and leads back to where it is asked for.

    That page took longer to fill in than the window was open. Where none ever opens no page asks
    for a secret, and it raises ``SecretInMarkedPost``.
    """
    if not rules.TABLE[action].window:
        raise SecretInMarkedPost("a secret in a request that would be kept")
    act = _act(request, action, fields)
    messages.error(request, wording.over().text)
    return redirect(act.back)


def _act(request: HttpRequest, action: str, fields: list[tuple[str, str]]) -> Act:
    path = request.get_full_path()
    if len(path) > Pending._meta.get_field("path").max_length:
        raise BadRequest("address too long")
    return acts.describe(
        user_id=request.session_row.user_id, action=action, path=path, fields=dict(fields)
    )


def _hold(
    request: HttpRequest, action: str, digest: str, fields: list[tuple[str, str]], act: Act
) -> HttpResponse:
    row = request.session_row
    limits.demand("rows_per_user", str(row.user_id))
    pending = services.hold(
        user_id=row.user_id,
        session=row.key,
        action=action,
        digest=digest,
        path=request.get_full_path(),
        fields=fields,
        act=act,
        risk=row.risk,
    )
    return redirect("step_up", pending.pk)
