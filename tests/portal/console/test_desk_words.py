"""What the desk says of messages."""

import pytest
from django.conf import settings

from portal.console import desk_words

FOLDER = settings.BASE_DIR / "templates" / "messages"
NAMES = sorted(one.name for one in FOLDER.iterdir() if one.is_dir())


@pytest.mark.parametrize("name", NAMES)
def test_every_message_is_named_in_words(name):
    assert desk_words.named(name) != name


def test_one_that_this_version_does_not_know_stays_as_it_is_stored():
    assert desk_words.named("of_another_version") == "of_another_version"
