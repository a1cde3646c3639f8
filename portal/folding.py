"""Templates kept once a language, with all that depends on nothing else worked out when loaded.

A page holds dozens of sentences, addresses of pages and of static files that are the same for
whoever asks. Here each becomes text at its first use in a language, and neighbouring text becomes
one piece. Sentences with values in them are translated once, and templates named by others are
looked up once. The tags stay as Django defines them, and say the same as without this module.
"""

from collections.abc import Callable, Iterator
from itertools import groupby

from django.template import Context, Node, NodeList, Template
from django.template.base import (
    FilterExpression,
    TextNode,
    TokenType,
    Variable,
    render_value_in_context,
)
from django.template.defaulttags import IfNode, URLNode
from django.template.loader_tags import ExtendsNode, IncludeNode
from django.template.loaders import base, cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch
from django.utils.translation import get_language, gettext, override

from portal.quick import Alone, hasten, quick
from portal.templatetags.look import StillNode


class _Folding(base.Loader):
    def get_template(self, template_name, skip=None) -> Template:
        template = super().get_template(template_name, skip)
        # Before the cache hands it to other threads.
        fold(template, template.nodelist)
        return template


class Loader(cached.Loader, _Folding):
    """Django's cached loader, with a place for each language."""

    def cache_key(self, template_name, skip=None) -> str:
        return f"{get_language()} {super().cache_key(template_name, skip)}"


def fold(template: Template, nodes: NodeList) -> None:
    """Replaces what is settled by its text, here and in all lists beneath, in place."""
    for node in nodes:
        for inner in _lists_of(node):
            fold(template, inner)
    settled = [_settled(template, node) for node in nodes]
    nodes[:] = [
        node
        for is_text, group in groupby(settled, lambda node: type(node) is TextNode)
        for node in ([TextNode("".join(text.s for text in group))] if is_text else group)
    ]
    hasten(nodes)


def _lists_of(node: Node) -> Iterator[NodeList]:
    if isinstance(node, IfNode):  # its ``nodelist`` is a copy
        yield from (nodes for _condition, nodes in node.conditions_nodelists)
        return
    for name in node.child_nodelists:
        if nodes := getattr(node, name, None):
            yield nodes


def _settled(template: Template, node: Node) -> Node:
    """The node as text, or kept under its name, if only the language decides what it is.

    Of what depends on more, as much as the language settles.
    """
    is_settled = _SETTLED.get(type(node))
    if is_settled is None or not is_settled(node):
        return _prepared(template, node)
    context, name = Context(), getattr(node, "asvar", None)
    with context.bind_template(template):
        try:
            text = node.render(context)
        except NoReverseMatch:  # the page of another site; said if this is ever reached
            return node
        return Named(name, context[name]) if name else TextNode(text)


def _prepared(template: Template, node: Node) -> Node:
    if type(node) is IncludeNode and _is_literal(node.template):
        node.template = Found(node.template, template)
        return Alone(node) if node.isolated_context else node
    if type(node) is ExtendsNode and _is_literal(node.parent_name):
        # A template that extends another of its own name has to look for it each time.
        if node.parent_name.resolve(Context()) != template.name:
            node.parent_name = Found(node.parent_name, template)
    elif type(node) is BlockTranslateNode and not (node.plural or node.message_context):
        return node if node.asvar else Sentence(node)
    return node


class Found:
    """The template of a literal name, looked up at its first use; resolves as a variable does."""

    def __init__(self, name: FilterExpression, within: Template) -> None:
        self._name, self._engine = name.resolve(Context()), within.engine
        self._language = get_language()
        self._template: Template | None = None

    def resolve(self, _context: Context) -> Template:
        if self._template is None:
            with override(self._language):
                self._template = self._engine.get_template(self._name)
        return self._template


class Sentence(Node):
    """``{% blocktranslate %}`` with its words looked up, and values to be set in."""

    child_nodelists = ()

    def __init__(self, node: BlockTranslateNode) -> None:
        text, self._names = node.render_token_list(node.singular)
        self._given = {name: quick(value) for name, value in node.extra_context.items()}
        self._text = gettext(text)
        try:
            self._text % dict.fromkeys(self._names, "")
        except (KeyError, ValueError):  # a translation that names other values
            self._text = text

    def render(self, context: Context) -> str:
        given = {name: value.resolve(context) for name, value in self._given.items()}
        values = (given[name] if name in given else context.get(name, "") for name in self._names)
        shown = (render_value_in_context(value, context) for value in values)
        return self._text % dict(zip(self._names, shown, strict=True))


class Named(Node):
    """``{% translate "…" as name %}`` once it is known."""

    child_nodelists = ()

    def __init__(self, name: str, value: str) -> None:
        self.name, self.value = name, value

    def render(self, context: Context) -> str:
        context[self.name] = self.value
        return ""


def _is_literal(value: FilterExpression) -> bool:
    literal = not value.is_var or (isinstance(value.var, Variable) and value.var.lookups is None)
    return literal and not value.filters


def _is_sentence(node: BlockTranslateNode) -> bool:
    inset = any(token.token_type is TokenType.VAR for token in node.singular)
    return not (inset or node.plural or node.extra_context or node.message_context)


_SETTLED: dict[type[Node], Callable[..., bool]] = {
    TranslateNode: lambda node: _is_literal(node.filter_expression) and not node.message_context,
    BlockTranslateNode: _is_sentence,
    # A name in a namespace is resolved by the page that asks.
    URLNode: lambda node: (
        _is_literal(node.view_name)
        and ":" not in str(node.view_name)
        and not node.args
        and not node.kwargs
    ),
    StaticNode: lambda node: _is_literal(node.path) and node.varname is None,
    StillNode: lambda node: all(map(_is_literal, node.arguments.values())),
}
