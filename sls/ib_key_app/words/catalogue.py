"""All words in all languages, so that the page can change its language with no network."""

from django.conf import settings
from django.utils import translation

from sls.ib_key_app.words import activating, common, using

WORDS = common.WORDS | activating.WORDS | using.WORDS


def catalogue() -> dict[str, dict[str, str]]:
    """``{"en": {"back": "Back", …}, "ja": {…}}``."""
    languages = [code for code, _name in settings.LANGUAGES]
    return {code: _in(code) for code in languages}


def _in(language: str) -> dict[str, str]:
    with translation.override(language):
        return {key: str(text) for key, text in WORDS.items()}
