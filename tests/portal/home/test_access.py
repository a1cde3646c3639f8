from itertools import product

import pytest
from django_otp.oath import totp

from tests.cast import SEED, begin
from tests.sls.enrolment.test_gate import closed
from tests.staged import staged

STAFF = ["/console/", "/console/cases/"]
BOTH = ["/"]


@pytest.fixture
def staff(client, sam):
    """Sam, signed in."""
    client.post(f"{begin(client, 'sam')}answer/", {"code": f"{totp(SEED):06d}"})
    return client


def clients_only() -> list[str]:
    shared = ("/step-up/", "/settings/security/sls/", "/settings/login/password/")
    shared += ("/settings/security/sessions/", "/session/", "/lock/", "/frozen/")
    shared += ("/console/",)
    return [url for url in closed() if url not in STAFF + BOTH and not url.startswith(shared)]


def test_staff_have_no_client_pages(staff, subtests):
    again = staged(staff)
    for method, url in product(("get", "post"), clients_only()):
        with subtests.test(method=method, url=url), again():
            assert getattr(staff, method)(url).status_code == 404


def test_staff_land_in_the_console(staff):
    assert staff.get("/")["Location"] == "/console/"
    assert "Sam Example" in staff.get("/console/").content.decode()


def test_staff_keep_their_own_authenticators_and_see_no_places_of_clients(staff):
    page = staff.get("/settings/security/sls/").content.decode()
    assert "Authenticator app" in page
    assert "/settings/communication/" not in page


def test_staff_can_log_off_and_change_the_language(staff):
    assert staff.post("/i18n/setlang/", {"language": "ja"}).status_code == 302
    assert staff.post("/logout/").status_code == 200


@pytest.mark.parametrize("url", STAFF)
def test_a_client_finds_no_console(client, alice, sign_in, url):
    sign_in(client, alice)
    assert client.get(url).status_code == 404


def test_there_is_no_admin(client, alice, sign_in):
    sign_in(client, alice)
    assert client.get("/admin/").status_code == 404
