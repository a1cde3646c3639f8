"""Addresses without a part of their own are looked up once, not among hundreds for each request."""

from collections.abc import Sequence

from django.urls import ResolverMatch, URLPattern, URLResolver
from django.urls.resolvers import RoutePattern


class _Remembering(URLResolver):
    """Its memory is as large as its patterns: what has a part of its own, or is not found, is
    looked up anew."""

    def __init__(self, patterns: Sequence[URLPattern | URLResolver]) -> None:
        super().__init__(RoutePattern(""), patterns)
        self._fixed: dict[str, ResolverMatch] = {}

    def resolve(self, path: str) -> ResolverMatch:
        found = self._fixed.get(path)
        if found is None:
            found = super().resolve(path)
            if found.kwargs == found.extra_kwargs and not found.args:
                # Every address that was tried before, for a page about one that is not found.
                found.tried = None
                self._fixed[path] = found
        return found


def remembering(patterns: Sequence[URLPattern | URLResolver]) -> list[URLResolver]:
    """The same addresses, as ``urlpatterns``."""
    return [_Remembering(patterns)]
