"""The pages: the entrance, the link of a mail, the receipt."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from accounts.audit.events import Event
from accounts.audit.models import Entry
from accounts.freeze import links, receipts, services
from accounts.freeze.models import Freeze, How, Trading
from accounts.sessions.models import Session
from tests.accounts.freeze.test_services import stop
from tests.cast import PASSWORD, post_password
from tests.tampering import tampering

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def inside(client, alice, sign_in) -> Client:
    return sign_in(client, alice)


def link(user, *, ago: timedelta = timedelta(0)) -> str:
    made = links.token(user, to=f"{user.username}@example.com", at=timezone.now() - ago)
    return f"/freeze/link/{made}/"


class TestTheEntrance:
    def test_says_what_stops_and_what_goes_on_and_changes_nothing(self, inside, alice):
        shown = inside.get("/not-me/")
        for said in ("This stops at once", "This goes on", "Only closing", "Stop everything now"):
            assert said in shown.content.decode()
        assert services.live(alice.pk) is None

    def test_one_button_stops_everything_and_shows_the_receipt(self, inside, alice):
        answer = inside.post("/not-me/", {"trading": "none"})
        made = services.live(alice.pk)
        assert (made.how, made.trading) == (How.PAGE, Trading.NONE)
        assert answer.status_code == 302
        assert made.shown in inside.get(answer["Location"]).content.decode()
        assert inside.get("/").status_code == 302

    @pytest.mark.parametrize("posted", [{}, {"trading": "x"}, {"trading": ""}])
    def test_without_a_choice_positions_may_be_closed(self, inside, alice, posted):
        inside.post("/not-me/", posted)
        assert services.live(alice.pk).trading == Trading.CLOSE_ONLY

    def test_names_what_was_not_recognised(self, inside, alice):
        entry = Entry.objects.filter(user=alice, event=Event.SIGNED_IN_NEW_DEVICE).get()
        shown = inside.get(f"/not-me/?entry={entry.number}").content.decode()
        assert "Signed in from a new device" in shown
        inside.post("/not-me/", {"entry": str(entry.number)})
        assert services.live(alice.pk).about == entry

    def test_the_entry_of_somebody_else_is_none(self, inside, alice, bob):
        stop(bob)
        theirs = Entry.objects.filter(user=bob).latest("number")
        with tampering():
            Entry.objects.filter(pk=theirs.pk).update(number=999)
        assert "You do not recognise" not in inside.get("/not-me/?entry=999").content.decode()

    @pytest.mark.parametrize("typed", ["x", "-1", "9" * 40, "١", "1 or 1=1", ""])
    def test_whatever_else_is_typed_is_no_entry(self, inside, alice, typed):
        assert inside.get("/not-me/", {"entry": typed}).status_code == 200
        inside.post("/not-me/", {"entry": typed})
        assert services.live(alice.pk).about is None

    def test_a_form_of_another_site_stops_nothing(self, alice, sign_in):
        strict = Client(enforce_csrf_checks=True)
        made = sign_in(Client(), alice)
        strict.cookies = made.cookies
        assert strict.post("/not-me/", {"trading": "none"}).status_code == 403
        assert services.live(alice.pk) is None

    def test_nobody_is_stopped_by_a_name(self, client, alice):
        shown = client.get("/not-me/").content.decode()
        main = re.search(r"<main.*?</main>", shown, re.DOTALL).group()
        assert "<form" not in main
        assert "+1 415 555 0100" in main
        client.post("/not-me/", {"username": "alice", "trading": "none"})
        assert not Freeze.objects.exists()

    def test_staff_stop_themselves_too(self, client, sam):
        from django_otp.oath import totp

        from tests import cast

        url = cast.begin(client, "sam")
        client.post(f"{url}answer/", {"code": f"{totp(cast.SEED):06d}"})
        client.post("/not-me/")
        assert services.live(sam.pk) is not None


class TestTheLink:
    def test_looking_changes_nothing(self, client, alice, sign_in):
        sign_in(Client(), alice)
        for ask in (client.get, client.head, client.options):
            ask(link(alice))
        assert services.live(alice.pk) is None
        assert Session.objects.filter(user=alice, ended_at=None).exists()

    def test_it_says_for_whom_in_masks(self, client, alice):
        shown = client.get(link(alice)).content.decode()
        assert "a...@example.com" in shown
        for secret in ("alice@example.com", "Alice Example", "+14155550101"):
            assert secret not in shown

    def test_it_stops_everything_without_a_session(self, client, alice, sign_in):
        sign_in(Client(), alice)
        answer = client.post(link(alice), {"trading": "none"})
        made = services.live(alice.pk)
        assert (made.how, made.trading) == (How.LINK, Trading.NONE)
        assert made.shown in client.get(answer["Location"]).content.decode()
        assert Entry.objects.get(user=alice, event=Event.FROZEN).actor == "mail:a...@example.com"
        assert not Session.objects.filter(user=alice, ended_at=None).exists()

    def test_it_works_as_often_as_it_is_pressed(self, client, alice):
        mine = link(alice)
        first = client.post(mine, {"trading": "nothing"})
        assert client.get(first["Location"]).status_code == 200
        assert "stopped already" in client.get(mine).content.decode()
        client.post(mine, {"trading": "nothing"})
        assert Freeze.objects.count() == 1

    def test_whoever_is_signed_in_beside_it_stays_so(self, client, alice, bob, sign_in):
        inside = sign_in(client, bob)
        inside.post(link(alice))
        assert services.live(bob.pk) is None
        assert inside.get("/").status_code == 200

    def test_an_altered_one_gets_a_clear_page(self, client, alice):
        for path in (link(alice)[:-2] + "x/", "/freeze/link/x/"):
            for ask in (client.get, client.post):
                answer = ask(path)
                assert answer.status_code == 404
                assert "This link stops nothing" in answer.content.decode()
        assert not Freeze.objects.exists()

    def test_an_old_one_gets_a_clear_page(self, client, alice):
        for ask in (client.get, client.post):
            answer = ask(link(alice, ago=31 * DAY))
            assert answer.status_code == 410
            assert "too old" in answer.content.decode()
        assert not Freeze.objects.exists()

    def test_it_is_written_in_the_language_of_its_reader(self, client, dai):
        assert 'lang="ja"' in client.get(link(dai)).content.decode()


class TestTheReceipt:
    def test_it_says_what_and_when_in_the_zone_of_its_owner(self, client, dai):
        made = stop(dai)
        client.cookies["language"] = "en"
        shown = client.get(receipts.path(made)).content.decode()
        assert made.shown in shown
        assert "JST" in shown

    def test_without_a_session_it_is_there_for_an_hour(self, client, alice):
        path = receipts.path(stop(alice))
        assert client.get(path).status_code == 200
        with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
            over = client.get(path)
        assert over.status_code == 404
        assert "for a short time" in over.content.decode()

    def test_its_owner_reads_it_by_the_reference_later(self, client, alice, bob, sign_in):
        made = stop(alice)
        path = f"/freeze/receipt/{made.shown.lower()}/"
        assert client.get(path).status_code == 404
        services.thaw(user_id=alice.pk, origin=client.get("/").wsgi_request.origin, by="staff:a+b")
        assert sign_in(Client(), bob).get(path).status_code == 404
        shown = sign_in(client, alice).get(path)
        assert "Everything was stopped" in shown.content.decode()

    @pytest.mark.parametrize("key", ["x", "4K7TQ29M", "4K7TQ29M:x:y", "a:b"])
    def test_whatever_else_is_none(self, client, alice, key):
        assert client.get(f"/freeze/receipt/{key}/").status_code == 404


class TestTheSignIn:
    def test_says_what_to_do_once_the_password_is_right(self, client, alice):
        stop(alice)
        answer = post_password(client)
        assert answer.status_code == 200
        shown = answer.content.decode()
        assert "Everything is stopped for this user name" in shown
        assert "+1 415 555 0100" in shown

    def test_says_nothing_before(self, client, alice, bob):
        stop(alice)
        wrong = [
            re.sub(r"\b(alice|bob)\b|csrf\S+ value=\S+", "", answer.content.decode())
            for answer in (
                post_password(client, name, password=f"not {PASSWORD}") for name in ("alice", "bob")
            )
        ]
        assert "Everything is stopped" not in wrong[0]
        assert "do not match" in wrong[0]

    def test_a_session_that_was_open_says_why_it_is_over(self, client, alice, sign_in):
        inside = sign_in(client, alice)
        stop(alice)
        answer = inside.get("/", follow=True)
        assert "Everything is stopped for this user name" in answer.content.decode()


def test_an_entry_leads_to_the_entrance_that_names_it(alice):
    stop(alice)
    entry = Entry.objects.filter(user=alice).latest("number")
    shown = render_to_string("components/not_me_entry.html", {"entry": entry})
    assert f'href="/not-me/?entry={entry.number}"' in shown
    assert "I do not recognise this" in shown
