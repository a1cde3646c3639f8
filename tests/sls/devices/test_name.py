"""Renaming an authenticator."""

import pytest

from accounts.audit.events import Event
from accounts.audit.models import Entry
from tests.sls.devices.conftest import SLS, page_of

pytestmark = pytest.mark.django_db


def rename(client, app, name):
    return client.post(page_of(app, "name/"), {"name": name})


def test_is_saved_and_recorded(signed_in, alice, app):
    assert rename(signed_in, app, "  Pixel 10 ")["Location"] == SLS
    app.refresh_from_db()
    assert app.name == "Pixel 10"
    entry = Entry.objects.get(user=alice, event=Event.DEVICE_RENAMED)
    assert (entry.detail["device"], entry.detail["was"]) == ("Pixel 10", "Pixel 9")


@pytest.mark.parametrize("name", ["iPad", "IPAD", " i\uff30ad ", "ipad"])
def test_tells_authenticators_apart_also_in_words(signed_in, app, spare, name):
    response = rename(signed_in, app, name)
    assert "Another of your authenticators has that name." in response.content.decode()
    app.refresh_from_db()
    assert app.name == "Pixel 9"


def test_may_differ_in_case_from_its_own_name(signed_in, app, spare):
    assert rename(signed_in, app, "PIXEL 9")["Location"] == SLS


def test_may_be_that_of_a_revoked_one(signed_in, app, spare):
    type(spare).objects.filter(pk=spare.pk).update(revoked_at=app.created_at, confirmed=False)
    assert rename(signed_in, app, "iPad")["Location"] == SLS


def test_the_same_name_is_no_event(signed_in, alice, app):
    rename(signed_in, app, "Pixel 9")
    assert not Entry.objects.filter(user=alice, event=Event.DEVICE_RENAMED).exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [(" ", "Enter a name."), ("x" * 65, "too long"), ("\u202eabc", "cannot be shown")],
)
def test_is_refused_with_what_was_typed_still_there(signed_in, app, name, said):
    response = rename(signed_in, app, name)
    page = response.content.decode()
    assert response.status_code == 200
    assert said in page
    assert f'value="{name}"' in page
    app.refresh_from_db()
    assert app.name == "Pixel 9"


def test_is_shown_as_text_wherever_it_stands(signed_in, app):
    rename(signed_in, app, "<b>x</b>")
    for path in (SLS, page_of(app), page_of(app, "test/"), "/settings/security/"):
        page = signed_in.get(path).content.decode()
        assert "<b>x</b>" not in page
        assert "&lt;b&gt;x" in page


def test_a_revoked_one_has_no_page(signed_in, app):
    type(app).objects.update(revoked_at=app.created_at, confirmed=False)
    assert rename(signed_in, app, "x").status_code == 404
    assert signed_in.get(page_of(app)).status_code == 404
