"""Names and values in templates, looked up by the shortest way that Django's own rules allow.

A page looks up hundreds of them, most of them text, and Django tries for each whether it is an
entry, an attribute, a place in a list, something to call, a time or a number. Whatever is unusual
is left to Django, and what was unusual once is left to it from then on.
"""

from collections.abc import Callable
from html import escape
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, Node
from django.template.base import (
    FilterExpression,
    NodeList,
    Variable,
    VariableNode,
    render_value_in_context,
)
from django.template.defaulttags import ForNode, IfNode, TemplateLiteral, URLNode, WithNode
from django.template.loader_tags import IncludeNode
from django.template.smartif import TokenBase
from django.utils.safestring import SafeString

_BUILTINS = {"True": True, "False": False, "None": None}


class Name:
    """``a.b.c`` without filters; resolves as Django's expression for it does."""

    def __init__(self, expression: FilterExpression) -> None:
        self._expression = expression
        self._first, *self._rest = expression.var.lookups
        self._is_usual = True

    def __str__(self) -> str:
        return str(self._expression)

    def resolve(self, context: Context, ignore_failures: bool = False) -> Any:
        """As ``FilterExpression.resolve``."""
        if self._is_usual:
            for scope in reversed(context.dicts):
                if self._first in scope:
                    break
            else:  # nothing of a context itself is reached by a name
                if ignore_failures:
                    return None
                return context.template.engine.string_if_invalid and self._by_django(context)
            try:
                return self._followed(scope[self._first])
            except (TypeError, AttributeError, KeyError, ObjectDoesNotExist):
                self._is_usual = False
        return self._by_django(context, ignore_failures)

    def _followed(self, value: Any) -> Any:
        for name in self._rest:
            if callable(value):
                raise TypeError
            if hasattr(type(value), "__getitem__"):
                try:
                    value = value[name]
                    continue
                except (TypeError, AttributeError, KeyError, ValueError, IndexError):
                    pass
            value = getattr(value, name)
        if callable(value):
            raise TypeError
        return value

    def _by_django(self, *args: Any) -> Any:
        return self._expression.resolve(*args)


class Shown(Node):
    """``{{ … }}``."""

    child_nodelists = ()

    def __init__(self, node: VariableNode) -> None:
        self.token, self.origin = node.token, node.origin
        self._value = quick(node.filter_expression)

    def render(self, context: Context) -> str:
        try:
            value = self._value.resolve(context)
        except UnicodeDecodeError:
            return ""
        kind = type(value)
        if kind is SafeString:
            return value
        if kind is str and context.autoescape:
            return escape(value)
        return render_value_in_context(value, context)


class Alone(Node):
    """``{% include … only %}``: in the same context, whose names are put aside, not in a copy."""

    child_nodelists = ()

    def __init__(self, node: IncludeNode) -> None:
        self.token, self.origin = node.token, node.origin
        self._template = node.template
        self._given = [(name, quick(value)) for name, value in node.extra_context.items()]

    def render(self, context: Context) -> str:
        template = self._template.resolve(context)
        values = {name: value.resolve(context) for name, value in self._given}
        names = context.dicts
        context.dicts = [_BUILTINS, values]
        try:
            return template.render(context)
        finally:
            context.dicts = names


def quick(expression: Any) -> Any:
    """The expression, or what resolves to the same sooner."""
    if type(expression) is not FilterExpression or expression.filters or not expression.is_var:
        return expression
    name = expression.var
    if type(name) is not Variable or name.lookups is None or name.translate:
        return expression
    return Name(expression)


def _conditions(node: IfNode) -> None:
    waiting = [condition for condition, _nodes in node.conditions_nodelists]
    while waiting:
        one = waiting.pop()
        if type(one) is TemplateLiteral:
            one.value = quick(one.value)
        elif isinstance(one, TokenBase):
            waiting += [getattr(one, "first", None), getattr(one, "second", None)]


def _sequence(node: ForNode) -> None:
    node.sequence = quick(node.sequence)


def _given(node: WithNode | IncludeNode) -> None:
    node.extra_context = {name: quick(value) for name, value in node.extra_context.items()}


def _arguments(node: URLNode) -> None:
    node.args = [quick(value) for value in node.args]
    node.kwargs = {name: quick(value) for name, value in node.kwargs.items()}


_INSIDE: dict[type[Node], Callable[[Any], None]] = {
    IfNode: _conditions,
    ForNode: _sequence,
    WithNode: _given,
    IncludeNode: _given,
    URLNode: _arguments,
}


def hasten(nodes: NodeList) -> None:
    """Makes the nodes of this list, and what they look up, the quick ones, in place."""
    for place, node in enumerate(nodes):
        if type(node) is VariableNode:
            nodes[place] = Shown(node)
        elif change := _INSIDE.get(type(node)):
            change(node)
