"""``/api/v1/documents``: the brokerage's own systems deliver statements, and take them back."""

import base64
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router, Schema
from pydantic import ConfigDict, Field, StringConstraints

from accounts.documents import rules, services, withdrawing
from accounts.documents.models import Kind
from accounts.documents.services import Delivered, Refusal
from accounts.marks import open_to_systems
from accounts.once import once
from accounts.origin import Origin
from accounts.problems import Problem
from accounts.shapes import LINE, Account, no_account, unsound
from accounts.systems import PLATFORM, Scope

router = Router(tags=["deliveries"])
PERIOD = "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
# Without line breaks, and whole: what a lenient decoder leaves out would be in no hash.
BASE64 = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
SHA256 = "^[0-9a-f]{64}$"
_LONGEST = (settings.DOCUMENT_MAX + 2) // 3 * 4

_SAID = {
    Refusal.PERIOD: "That period does not fit the kind of document.",
    Refusal.TO_COME: "That period has not ended.",
    Refusal.TITLE: "Nothing of that title can be read.",
    Refusal.SHA256: "The SHA-256 is that of something else.",
    Refusal.PDF: "That is no PDF.",
}


class DocumentSent(Schema):
    """A document. ``period`` is a day of a daily statement, a confirmation or a notice, a month of
    a monthly statement, a year of an annual statement or a tax form."""

    model_config = ConfigDict(extra="forbid", strict=True)

    account: Account
    kind: Literal["daily", "monthly", "annual", "confirmation", "tax", "notice"]
    period: Annotated[str, StringConstraints(pattern=PERIOD)] = Field(examples=["2026-11-25"])
    title: Annotated[str, StringConstraints(max_length=rules.TITLE_MAX, pattern=LINE)] = Field(
        examples=["Activity statement"]
    )
    sha256: Annotated[str, StringConstraints(pattern=SHA256)] = Field(
        description="Of the PDF, in hex."
    )
    content: Annotated[
        str, StringConstraints(min_length=4, max_length=_LONGEST, pattern=BASE64)
    ] = Field(description="The PDF in Base64 (RFC 4648, 4), in one line.")


class Stored(Schema):
    """The document as it is kept. ``new`` is false where the same was delivered before."""

    id: str
    account: str
    kind: str
    period: str
    sha256: str
    size: int
    new: bool


class Withdrawn(Schema):
    """What is left of it. ``opened_by`` are the user names that had opened it before."""

    id: str
    account: str
    withdrawn_at: datetime
    opened_by: list[str]


@router.post(
    "/documents", url_name="documents", response={201: Stored}, summary="Deliver a document"
)
@open_to_systems(Scope.DOCUMENTS)
@once
def deliver(request: HttpRequest, sent: DocumentSent) -> HttpResponse:
    """Keeps a PDF for whoever may see the account, and tells its owners that there is one. The same
    document twice is one: the first is answered again."""
    wanted = Delivered(
        account=sent.account,
        kind=Kind(sent.kind),
        period=sent.period,
        title=sent.title,
        content=base64.b64decode(sent.content, validate=True),
        sha256=sent.sha256,
    )
    kept = services.deliver(sent=wanted, origin=_origin(request))
    if kept is Refusal.ACCOUNT:
        raise no_account()
    if kept is Refusal.SIZE:
        raise Problem(413, f"A document has {settings.DOCUMENT_MAX} bytes at most.")
    if isinstance(kept, Refusal):
        raise unsound(_SAID[kept], kept.value)
    return JsonResponse(_told(kept), status=201)


@router.delete(
    "/documents/{document}",
    url_name="document_withdraw",
    response=Withdrawn,
    summary="Withdraw a document",
)
@open_to_systems(Scope.DOCUMENTS)
def withdraw(request: HttpRequest, document: UUID) -> dict[str, Any]:
    """Takes back what was delivered to the wrong account, or by mistake. Its content is deleted;
    clients see that it was withdrawn, and when. The same again changes nothing. It may be delivered
    anew."""
    done = withdrawing.withdraw(pk=document, origin=_origin(request))
    if done is None:
        raise Problem(404, "There is no such document.")
    return {
        "id": str(done.document.pk),
        "account": done.document.account.number,
        "withdrawn_at": done.document.withdrawn_at,
        "opened_by": done.opened_by,
    }


def _origin(request: HttpRequest) -> Origin:
    return Origin(address=request.origin.address, platform=PLATFORM, agent=request.auth)


def _told(kept: services.Kept) -> dict[str, Any]:
    one = kept.document
    return {
        "id": str(one.pk),
        "account": one.account.number,
        "kind": one.kind,
        "period": one.period,
        "sha256": one.sha256,
        "size": one.size,
        "new": kept.is_new,
    }
