from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Act:
    """``words`` say what will be done; ``back`` is the page to return to.

    ``phone`` is the id of the number that is being changed, which cannot prove the change;
    ``device`` the persistent id of the authenticator that is, which does not if another can.
    ``refusal`` says why the act would be refused anyway, so that nobody proves in vain.
    """

    words: str
    back: str
    phone: int | None = None
    device: str = ""
    refusal: str = ""


class Describe(Protocol):
    """Says what posting ``fields`` to the address ``name`` with ``kwargs`` does for a user.

    Raises ``Http404`` for a thing the user does not have.
    """

    def __call__(
        self, user_id: int, name: str, kwargs: Mapping[str, object], fields: Mapping[str, str]
    ) -> Act: ...
