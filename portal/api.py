"""``/api/v1/``: what programs call (CONTRACT 4). Errors are RFC 9457 problem+json.

A bearer token opens an operation that is marked with its scope, and nothing else in the house; the
token of a session on another platform one that is marked for sessions, that of a system of the
brokerage one that is marked for systems; no cookie opens any. An
operation that carries none of these marks, nor ``unmarked``, refuses to start.
"""

import functools
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser as NinjaParser
from ninja.security import HttpBearer

from accounts import limits, marks
from accounts.api_tokens import calling, rules
from accounts.api_tokens.api import router as tokens
from accounts.api_tokens.calling import Caller
from accounts.api_tokens.rules import Scope, Why
from accounts.automation import services as automation
from accounts.automation.api import router as events
from accounts.documents.api import router as documents
from accounts.figures.api import router as figures
from accounts.problems import Problem, problem
from accounts.systems import ServiceToken
from accounts.transactions.api import router as transactions
from portal import bodies, openapi
from portal.programs import router as programs
from sls.decisions.api import router as decisions
from sls.login.api import router as signing_in
from sls.login.bearer import SessionToken
from sls.methods.ib_key.activating import router as phones
from sls.methods.ib_key.api import router as ib_key
from sls.methods.ib_key.calls import Refused

_BEARER = re.compile(r"(?i:bearer) +([\x21-\x7e]{1,200})")
_TEXTS = {
    Why.UNKNOWN: "There is no such token.",
    Why.REVOKED: "The token was revoked.",
    Why.ENDED: "The token has ended.",
    Why.OWNER: "The owner of the token may not sign in.",
    Why.STOPPED: "The owner has stopped all automation.",
    Why.NETWORK: "The token does not work from this address.",
    Why.SCOPE: "The token was not issued for this.",
    Why.ROLE: "The owner of the token is on no account.",
}


class Token(HttpBearer):
    """The token of a call, for one scope."""

    def __init__(self, scope: Scope | None) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Caller:
        """Who calls. Raises ``Problem``."""
        if rules.PREFIX in request.META.get("QUERY_STRING", ""):
            raise Problem(400, "A token never stands in an address. Revoke it: addresses are kept.")
        read = _BEARER.fullmatch(request.headers.get("Authorization", ""))
        address = limits.take("calls_per_address", request.origin.network)
        if address.over:
            raise Problem(429, "Too many calls.", retry_after=address.retry_after)
        if read is None:
            raise Problem(401, "Send a token: Authorization: Bearer …")
        # A browser may have sent its cookies along: it is not its session that acts.
        alone = {"session": "", "device": "", "device_token": ""}
        request.token_origin = replace(request.origin, platform=calling.PLATFORM, **alone)
        caller = calling.admit(read[1], scope=self.scope, origin=request.token_origin)
        if caller.row is None:
            raise Problem(401, _TEXTS[Why.UNKNOWN], reason=Why.UNKNOWN.value)
        request.caller, request.call_scope = caller, self.scope
        if caller.why is not None:
            raise Problem(caller.why.status, _TEXTS[caller.why], reason=caller.why.value)
        usage = request.rate = calling.is_too_often(caller.row)
        made = usage.most - usage.left + usage.over
        automation.noticed(caller.row, calls=made, origin=request.token_origin)
        if usage.over:
            raise Problem(429, "This token calls too often.", retry_after=usage.retry_after)
        return caller

    def authenticate(self, request: HttpRequest, token: str) -> None:
        """Not asked: ``__call__`` reads the header itself."""


class Parser(NinjaParser):
    """JSON as RFC 8259 has it, with no name twice, and of no other type."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Raises ``ValueError`` for what is none."""
        return bodies.json_of(request.body)


class Api(NinjaAPI):
    """Describes itself with what only we know of it (``openapi``)."""

    _described: dict[str, Any] | None = None

    def get_openapi_schema(self, **kwargs: Any) -> dict[str, Any]:
        """Made once; nobody changes it."""
        if self._described is None:
            self._described = openapi.described(super().get_openapi_schema(**kwargs))
        return self._described


api = Api(
    title="Client Portal",
    version="1",
    parser=Parser(),
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)


def _guard(router: Router) -> Router:
    """Each operation asks for a token of its scope, or says why it asks for none."""
    for path, view in router.path_operations.items():
        for operation in view.operations:
            function = operation.view_func
            if hasattr(function, marks.SCOPE):
                operation._set_auth(Token(getattr(function, marks.SCOPE)))
            elif hasattr(function, marks.SESSION):
                operation._set_auth(SessionToken(getattr(function, marks.SESSION)))
            elif hasattr(function, marks.SYSTEM):
                operation._set_auth(ServiceToken(getattr(function, marks.SYSTEM)))
            elif not hasattr(function, marks.REASON):
                raise ImproperlyConfigured(f"{path}: marked neither for tokens nor as unmarked")
    return router


for part in (signing_in, tokens, programs, decisions, figures, documents, events, transactions):
    api.add_router("", _guard(part))
for part in (phones, ib_key):
    api.add_router("/ib-key", _guard(part))


@api.exception_handler(Problem)
def _told(request: HttpRequest, told: Problem) -> HttpResponse:
    return told.response()


@api.exception_handler(Refused)
def _phone_refused(request: HttpRequest, told: Refused) -> HttpResponse:
    return problem(told.status, told.detail, kind=told.kind, **told.more)


@api.exception_handler(limits.TooMany)
def _too_many(request: HttpRequest, error: limits.TooMany) -> HttpResponse:
    return problem(429, "Too many calls.", retry_after=error.retry_after)


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    # What was sent is not repeated: it may be a token.
    wrong = [{"at": ".".join(map(str, one["loc"])), "text": one["msg"]} for one in error.errors]
    return problem(400, "The request is malformed.", errors=wrong)


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, str(error))


@api.exception_handler(Http404)
def _unknown(request: HttpRequest, _error: Http404) -> HttpResponse:
    return problem(404, "There is no such thing.")


def _refused_body(request: HttpRequest) -> HttpResponse | None:
    """Before anything is asked or counted: a body of another type is read by nobody."""
    is_sent = request.META.get("CONTENT_LENGTH") not in ("", "0", None)
    takes_body = (request.method, request.resolver_match.route) in _bodies()
    if is_sent and takes_body and not bodies.is_json(request):
        return problem(415, "Send application/json.")
    unknown = request.GET.keys() - _queries().get(request.resolver_match.route, set())
    if unknown and rules.PREFIX not in request.META.get("QUERY_STRING", ""):
        return problem(400, "There is no such parameter.")
    return None


@functools.cache
def _bodies() -> set[tuple[str, str]]:
    """The operations that take a body; what is sent to others is not read."""
    return {
        (method.upper(), re.sub(r"{(\w+)}", r"<\1>", path.removeprefix("/")))
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, operation in methods.items()
        if "requestBody" in operation
    }


@functools.cache
def _queries() -> dict[str, set[str]]:
    """The names that stand in the query of each address."""
    return {
        re.sub(r"{(\w+)}", r"<\1>", path.removeprefix("/")): {
            parameter["name"]
            for operation in methods.values()
            for parameter in operation["parameters"]
            if parameter["in"] == "query"
        }
        for path, methods in api.get_openapi_schema()["paths"].items()
    }


def _say_rate(request: HttpRequest, response: HttpResponse) -> None:
    """What is left of the rate that the call was counted in (IETF
    draft-ietf-httpapi-ratelimit-headers)."""
    rate = getattr(request, "rate", None)
    if rate is not None and rate.most:
        name = rate.name.replace("_", "-")
        response["RateLimit-Policy"] = f'"{name}";q={rate.most};w={rate.window}'
        response["RateLimit"] = f'"{name}";r={rate.left};t={rate.resets}'


def _door(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Every call by a known token is kept, with what became of it; no answer is stored."""

    @functools.wraps(view)
    def call(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = _refused_body(request) or view(request, *args, **kwargs)
        if response.status_code == 405:
            allow = response["Allow"]
            response = problem(405, f"Allowed here: {allow}.")
            response["Allow"] = allow
        caller = getattr(request, "caller", None)
        if caller is not None:
            calling.keep(
                caller.row,
                operation=f"{request.method} {request.path.removeprefix('/api/v1')}",
                scope=request.call_scope,
                origin=request.token_origin,
                status=response.status_code,
            )
        _say_rate(request, response)
        response["Cache-Control"] = "no-store"
        return response

    call.raw_body = True  # JSON; ninja reads it, and refuses what is malformed
    return marks.unmarked("no cookie opens it: each operation asks for a token itself")(
        login_not_required(call)
    )


def _patterns() -> list[URLPattern]:
    # Each access to ``api.urls`` builds new views.
    patterns, _app, _namespace = api.urls
    for one in patterns:
        one.callback = _door(one.callback)
    return patterns


app_name = "api"
urlpatterns = _patterns()
