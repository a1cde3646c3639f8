"""What is worked out when a template is loaded says what the tags would have said."""

import pytest
from django.conf import settings
from django.template import Context, Engine, Template
from django.template.base import TextNode
from django.utils import translation

LIBRARIES = {
    "i18n": "django.templatetags.i18n",
    "static": "django.templatetags.static",
    "look": "portal.templatetags.look",
    "django_htmx": "django_htmx.templatetags.django_htmx",
}
INLINE = '{% load i18n %}{% partialdef p inline %}{% translate "Sign in" %}{% endpartialdef %}'
FILES = settings.BASE_DIR / "templates"
NAMES = sorted(str(path.relative_to(FILES)) for path in FILES.rglob("*.*"))


def of_texts(**texts: str) -> Engine:
    memory = ("django.template.loaders.locmem.Loader", texts)
    return Engine(loaders=[("portal.folding.Loader", [memory])], libraries=LIBRARIES)


def loaded(text: str) -> Template:
    return of_texts(page=text).get_template("page")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{% load i18n %}<b>{% translate "Sign in" %}</b>', "<b>ログイン</b>"),
        ("{% load i18n %}{% blocktranslate %}Sign in{% endblocktranslate %}!", "ログイン!"),
        ("<a href=\"{% url 'login' %}\">", '<a href="/login/">'),
        ("{% load static %}{% static 'a b.svg' %}", "/static/a%20b.svg"),
        ('{% load look %}{% still "components/mark.html" %}', "brand__mark"),
    ],
)
def test_what_only_the_language_decides_becomes_one_text(text, said):
    with translation.override("ja"):
        template = loaded(text)
    kinds = [type(node) for node in template.nodelist if "Load" not in type(node).__name__]
    assert kinds == [TextNode]
    assert said in template.render(Context())


@pytest.mark.parametrize(
    "text",
    [
        '{% load i18n %}{% for _ in "ab" %}{% translate "Sign in" %}{% endfor %}',
        '{% load i18n %}{% if x %}-{% elif y %}{% translate "Sign in" %}{% endif %}',
        '{% load i18n %}{% translate "Sign in" as label %}{{ label }}{{ label }}',
        INLINE + "{% partial p %}",
    ],
)
def test_each_language_keeps_its_own_at_every_depth(text):
    engine = of_texts(page=text)
    for language, said in (("en", "Sign in"), ("ja", "ログイン"), ("en", "Sign in")):
        with translation.override(language):
            page = engine.get_template("page").render(Context({"y": True}))
        assert said in page
        assert page.count(said) == (1 if "if x" in text else 2)


@pytest.mark.parametrize(
    "text",
    [
        "{% load i18n %}{% blocktranslate %}Step {{ now }}{% endblocktranslate %}",
        "{% load i18n %}{% translate now %}",
        "{% url 'login_attempt' now %}",
        "{% load static %}{% static now %}",
        "{{ now }}",
    ],
)
def test_what_depends_on_a_value_is_said_anew(text):
    template = loaded(text)
    pages = [template.render(Context({"now": now})) for now in ("login", "security")]
    assert "login" in pages[0]
    assert "security" in pages[1]


def test_a_block_is_folded_where_it_is_extended():
    engine = of_texts(
        base='{% load i18n %}{% block a %}{% translate "Sign in" %}{% endblock %}.',
        page='{% extends "base" %}{% load i18n %}{% block a %}{{ block.super }}'
        '{% translate "Log off" %}{% endblock %}',
    )
    for language in ("en", "ja"):
        with translation.override(language):
            expected = f"{translation.gettext('Sign in')}{translation.gettext('Log off')}."
            assert engine.get_template("page").render(Context()) == expected


def test_a_sentence_takes_its_values_from_the_tag_and_from_the_page_and_escapes_them():
    template = loaded(
        "{% load i18n %}{% blocktranslate trimmed with a=x|upper %}\n{{ a }} 100%, {{ b }}"
        "{{ none }}{% endblocktranslate %}"
    )
    assert template.render(Context({"x": "<i>", "b": "&"})) == "&lt;I&gt; 100%, &amp;"


def test_a_translation_that_names_other_values_gives_way_to_the_original(monkeypatch):
    monkeypatch.setattr("portal.folding.gettext", lambda text: "%(other)s")
    template = loaded("{% load i18n %}{% blocktranslate %}Step {{ now }}{% endblocktranslate %}")
    assert template.render(Context({"now": 3})) == "Step 3"


def test_what_is_included_and_extended_speaks_the_language_of_the_page():
    engine = of_texts(
        base='{% load i18n %}{% block a %}{% endblock %}{% translate "Log off" %}',
        part='{% load i18n %}{% translate "Sign in" %}{{ x }}',
        page='{% extends "base" %}{% block a %}{% include "part" with x=1 only %}{% endblock %}',
    )
    for language in ("en", "ja", "en"):
        with translation.override(language):
            expected = f"{translation.gettext('Sign in')}1{translation.gettext('Log off')}"
            assert engine.get_template("page").render(Context()) == expected


def test_a_template_may_include_itself():
    engine = of_texts(page='{{ n }}{% if n %}{% include "page" with n=rest rest="" %}{% endif %}')
    page = engine.get_template("page").render(Context({"n": "a", "rest": "b"}))
    assert page == "ab"


def test_a_template_may_extend_another_of_its_name():
    over = ("django.template.loaders.locmem.Loader", {"page": '{% extends "page" %}'})
    under = ("django.template.loaders.locmem.Loader", {"page": "under"})
    engine = Engine(loaders=[("portal.folding.Loader", [over, under])])
    assert engine.get_template("page").render(Context()) == "under"


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", NAMES)
def test_every_template_says_the_same_folded_and_plain(name, language):
    files = ("django.template.loaders.filesystem.Loader", [FILES])
    plain = Engine(
        loaders=[("django.template.loaders.cached.Loader", [files])], libraries=LIBRARIES
    )
    folded = Engine(loaders=[("portal.folding.Loader", [files])], libraries=LIBRARIES)
    with translation.override(language):
        assert _said(folded, name) == _said(plain, name)


def _said(engine: Engine, name: str) -> str:
    try:
        return engine.get_template(name).render(
            Context({"attempt": "x", "step": {"method": "sms"}})
        )
    except Exception as error:
        return repr(error)
