"""The pages of the way, one by one, and their end."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp

from accounts.challenges.models import Challenge
from accounts.contacts import reached
from accounts.contacts import services as contacts
from accounts.contacts.kinds import EMAIL, PHONE
from accounts.contacts.models import EmailAddress, PhoneNumber
from accounts.freeze import services as freezes
from accounts.freeze.models import Freeze
from accounts.origin import Origin
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from sls.incident import services
from sls.incident.models import Review, Step
from sls.incident.rules import Stage
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.backup_codes.models import CodeSet
from sls.methods.sms.models import PhoneDevice
from tests.accounts.freeze.test_services import stop
from tests.cast import PASSWORD, app_device, begin, code_set
from tests.sls.incident.ways import NEW, app_code, ask, enter, go, mine, post, second

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=400)


def noted() -> list[str]:
    return list(Step.objects.order_by("pk").values_list("what", flat=True))


class TestPassword:
    def test_the_old_one_is_void_and_the_session_goes_on(self, inside, frozen):
        go(inside, frozen, Stage.FACTORS)
        frozen.refresh_from_db()
        assert check_password(NEW, frozen.password)
        assert inside.get("/frozen/way/")["Location"] == "/frozen/factors/"
        assert "nothing is stopped" in post(Client()).content.decode()

    @pytest.mark.parametrize("typed", ["", "password", PASSWORD, "short"])
    def test_keeps_the_rules_of_passwords(self, inside, frozen, typed):
        assert inside.post("/frozen/password/", {"password": typed}).status_code == 200
        assert noted() == ["entered"]

    def test_advises_while_it_is_typed(self, inside):
        said = inside.post("/frozen/password/advice/", {"password": "password"}).json()
        assert not said["may"]

    def test_is_chosen_once(self, inside, frozen):
        go(inside, frozen, Stage.FACTORS)
        inside.post("/frozen/password/", {"password": "another-violin-harvest-99"})
        frozen.refresh_from_db()
        assert check_password(NEW, frozen.password)
        assert "is set" in inside.get("/frozen/password/").content.decode()
        assert inside.post("/frozen/password/advice/", {"password": "x"}).status_code == 404

    def test_is_noted_with_its_time(self, inside, frozen):
        go(inside, frozen, Stage.FACTORS)
        assert noted() == ["entered", "password"]
        assert Step.objects.last().at <= timezone.now()


class TestFactors:
    def test_what_is_not_hers_is_removed_for_good(self, inside, frozen):
        theirs = app_device(frozen, "Not hers")
        go(inside, frozen, Stage.FACTORS)
        fields = mine(frozen, **{f"appdevice-{theirs.pk}": "not"})
        assert inside.post("/frozen/factors/", fields).status_code == 302
        theirs.refresh_from_db()
        assert theirs.revoked_at is not None
        assert noted()[-2:] == ["device_removed", "factors"]
        assert inside.get("/frozen/contacts/").status_code == 200

    def test_the_one_she_came_in_by_stays_whatever_is_posted(self, inside, frozen, app):
        go(inside, frozen, Stage.FACTORS)
        assert "You came in by this one" in inside.get("/frozen/factors/").content.decode()
        inside.post("/frozen/factors/", {f"appdevice-{app.pk}": "not"})
        app.refresh_from_db()
        assert app.revoked_at is None

    def test_every_one_is_answered(self, inside, frozen):
        code_set(frozen)
        go(inside, frozen, Stage.FACTORS)
        assert "say of each" in inside.post("/frozen/factors/", {}).content.decode()
        assert "factors" not in noted()

    def test_asks_of_nobody_elses(self, inside, frozen, bob):
        others = app_device(bob, "Bob's")
        go(inside, frozen, Stage.FACTORS)
        inside.post("/frozen/factors/", mine(frozen, **{f"appdevice-{others.pk}": "not"}))
        others.refresh_from_db()
        assert others.revoked_at is None

    def test_one_is_added_by_the_pages_of_its_method(self, inside, frozen):
        go(inside, frozen, Stage.FACTORS)
        page = inside.post("/frozen/add/authenticator_app/")["Location"]
        assert inside.get(page).status_code == 200
        new = AppDevice.objects.latest("pk")
        assert inside.post(page, {"code": "000000"}).status_code == 200
        done = inside.post(page, {"code": f"{totp(new.open_seed()):06d}"})
        assert done["Location"] == "/frozen/factors/"
        new.refresh_from_db()
        assert new.confirmed
        assert noted()[-1] == "device_added"

    @pytest.mark.parametrize("method", ["sms", "dsc_plus", "nothing"])
    def test_no_other_is_added(self, inside, frozen, method):
        go(inside, frozen, Stage.FACTORS)
        assert inside.post(f"/frozen/add/{method}/").status_code == 404

    def test_an_enrolment_of_another_session_is_not_here(self, inside, frozen):
        go(inside, frozen, Stage.FACTORS)
        page = inside.post("/frozen/add/authenticator_app/")["Location"]
        Challenge.objects.filter(purpose="enrolment").update(bound_to="a" * 64)
        assert inside.get(page).status_code == 404


class TestContacts:
    def test_what_was_added_is_undone(self, inside, frozen, clock):
        origin = Origin(address="203.0.113.9")
        added = contacts.add_email(user_id=frozen.pk, typed="thief@example.net", origin=origin)
        EmailAddress.objects.filter(pk=added.pk).update(verified_at=timezone.now())
        go(inside, frozen, Stage.CONTACTS)
        inside.post("/frozen/contacts/", mine(frozen, **{f"emailaddress-{added.pk}": "not"}))
        assert [one.value for one in reached.listed(EMAIL, frozen.pk)] == ["alice@example.com"]
        assert "contact_back" in noted()
        assert inside.get("/frozen/questions/").status_code == 200
        frozen.refresh_from_db()
        assert frozen.password_demanded_at is None

    def test_what_is_old_is_taken_off(self, inside, frozen):
        email, phone = second(frozen, timezone.now() - LONG_AGO)
        go(inside, frozen, Stage.CONTACTS)
        other = {f"emailaddress-{email.pk}": "not", f"phonenumber-{phone.pk}": "not"}
        inside.post("/frozen/contacts/", mine(frozen, **other))
        assert len(reached.listed(EMAIL, frozen.pk)) == 1
        assert len(reached.listed(PHONE, frozen.pk)) == 1
        assert noted().count("contact_removed") == 2

    def test_another_takes_the_place_of_a_primary_one(self, inside, frozen):
        email, phone = second(frozen, timezone.now() - LONG_AGO)
        first = EmailAddress.objects.get(primary=True)
        number = PhoneNumber.objects.get(primary=True)
        go(inside, frozen, Stage.CONTACTS)
        other = {f"emailaddress-{first.pk}": "not", f"phonenumber-{number.pk}": "not"}
        inside.post("/frozen/contacts/", mine(frozen, **other))
        assert reached.primary_email(frozen.pk) == email
        assert reached.primary_phone(frozen.pk) == phone
        assert PhoneDevice.objects.get(revoked_at=None).phone == phone

    def test_the_only_number_is_switched_off_and_left_to_us(self, inside, frozen):
        number = PhoneNumber.objects.get()
        go(inside, frozen, Stage.CONTACTS)
        fields = mine(frozen, **{f"phonenumber-{number.pk}": "not"})
        answer = inside.post("/frozen/contacts/", fields, follow=True)
        assert "Call us, and we replace it together" in answer.content.decode()
        assert PhoneDevice.objects.get().switched_off_at is not None

    def test_what_somebody_took_off_comes_back(self, inside, frozen):
        email, _ = second(frozen, timezone.now() - LONG_AGO)
        contacts.remove(contact=email, origin=Origin(address="203.0.113.9"))
        go(inside, frozen, Stage.CONTACTS)
        page = inside.get("/frozen/contacts/").content.decode()
        assert "other@example.com was removed." in page
        key = page.split('name="change-')[1].split('"')[0]
        inside.post("/frozen/contacts/", mine(frozen, **{f"change-{key}": "not"}))
        assert email in reached.listed(EMAIL, frozen.pk)

    def test_every_one_is_answered(self, inside, frozen):
        go(inside, frozen, Stage.CONTACTS)
        assert "say of each" in inside.post("/frozen/contacts/", {}).content.decode()
        assert "contacts" not in noted()


class TestQuestions:
    def test_the_answers_are_kept_for_the_review(self, inside, frozen, freeze):
        go(inside, frozen, Stage.GAPS)
        kept = Review.objects.get()
        assert (kept.freeze, kept.causes, kept.text) == (freeze, ["link"], "A parcel message.")

    def test_they_may_be_changed(self, inside, frozen):
        go(inside, frozen, Stage.GAPS)
        inside.post("/frozen/questions/", {"cause_sim": "on", "cause_call": "on"})
        assert Review.objects.get().causes == ["call", "sim"]
        assert noted().count("questions") == 1

    @pytest.mark.parametrize("fields", [{}, {"causes": "sim"}, {"text": "x"}])
    def test_one_answer_at_least(self, inside, frozen, fields):
        go(inside, frozen, Stage.QUESTIONS)
        assert inside.post("/frozen/questions/", fields).status_code == 200
        assert not Review.objects.exists()

    def test_too_many_words_are_told_and_kept_in_the_field(self, inside, frozen):
        go(inside, frozen, Stage.QUESTIONS)
        page = inside.post("/frozen/questions/", {"cause_sim": "on", "text": "word " * 500})
        assert "under 2,000 characters" in page.content.decode()
        assert "word word" in page.content.decode()

    def test_what_is_typed_is_shown_as_text(self, inside, frozen):
        go(inside, frozen, Stage.QUESTIONS)
        inside.post("/frozen/questions/", {"cause_sim": "on", "text": "<script>x</script>"})
        for page in ("/frozen/questions/", "/frozen/receipt/"):
            assert "<script>x" not in inside.get(page).content.decode()


class TestGaps:
    def test_are_computed_from_what_is_so(self, inside, frozen):
        go(inside, frozen, Stage.GAPS)
        page = inside.get("/frozen/gaps/").content.decode()
        assert "A passkey cannot" in page
        assert "no backup codes" in page
        assert "one telephone number or none" in page
        second(frozen, timezone.now() - LONG_AGO)
        code_set(frozen)
        page = inside.get("/frozen/gaps/").content.decode()
        assert "no backup codes" not in page
        assert "one telephone number or none" not in page

    def test_backup_codes_are_made_here_and_shown_once(self, inside, frozen):
        go(inside, frozen, Stage.GAPS)
        page = inside.post("/frozen/add/backup_codes/").content.decode()
        assert "shown this once" in page
        assert 'href="/frozen/gaps/"' in page
        assert CodeSet.objects.get().left == 10


class TestThaw:
    def test_says_the_delay_before_and_tells_every_contact(self, inside, frozen):
        go(inside, frozen)
        assert "24 hours after you ask" in inside.get("/frozen/thaw/").content.decode()
        assert ask(inside)["Location"] == "/frozen/thaw/"
        told = {one.to for one in Message.objects.filter(name="thaw_asked")}
        assert told == {"alice@example.com", "+14155550101"}
        assert "Everything goes on by itself" in inside.get("/frozen/thaw/").content.decode()

    def test_comes_a_day_later_by_itself_and_not_before(self, inside, frozen, clock):
        go(inside, frozen)
        ask(inside)
        clock.shift(24 * 3600 - 5)
        assert services.thaw_due() == 0
        clock.shift(6)
        assert services.thaw_due() == 1
        frozen.refresh_from_db()
        assert frozen.frozen_at is None
        assert services.thaw_due() == 0

    def test_then_the_new_password_signs_in(self, inside, frozen, clock):
        go(inside, frozen)
        ask(inside)
        clock.shift(24 * 3600 + 1)
        services.thaw_due()
        assert begin(Client(), password=NEW).startswith("/login/")

    def test_its_own_session_ends_with_the_thaw(self, inside, frozen, clock):
        go(inside, frozen)
        ask(inside)
        freeze = Freeze.objects.get()
        Freeze.objects.update(thaw_asked_at=freeze.thaw_asked_at - timedelta(hours=25))
        services.thaw_due()
        assert Session.objects.latest("opened_at").ended_why == "thawed"
        assert inside.get("/frozen/way/").status_code == 302
        assert inside.get("/")["Location"].startswith("/login/")

    def test_can_be_taken_back_and_asked_anew(self, inside, frozen, clock):
        go(inside, frozen)
        ask(inside)
        page = inside.post("/frozen/thaw/", {"act": "stop"}, follow=True).content.decode()
        assert "Everything stays stopped" in page
        clock.shift(25 * 3600)
        assert services.thaw_due() == 0
        enter(client := Client(), NEW)
        ask(client)
        assert Freeze.objects.get().thaw_asked_at > timezone.now() - timedelta(minutes=5)
        assert noted().count("asked") == 2
        assert "stopped" in noted()

    def test_progress_is_kept_from_one_session_to_the_next(self, inside, frozen, clock):
        go(inside, frozen, Stage.QUESTIONS)
        inside.post("/logout/")
        clock.shift(3600)
        again = enter(Client(), NEW)
        assert again.get("/frozen/way/")["Location"] == "/frozen/questions/"


class TestReceipt:
    def test_has_every_step_with_its_time(self, inside, frozen, freeze):
        go(inside, frozen)
        ask(inside)
        page = inside.get("/frozen/receipt/").content.decode()
        for said in (
            freeze.shown,
            "Sessions ended",
            "Came back in by: Authenticator app",
            "New password set",
            "Authenticators looked through",
            "Contacts looked through",
            "Questions answered",
            "Asked to let everything go on",
            "A parcel message.",
        ):
            assert said in page

    def test_is_there_after_the_thaw_with_what_is_left_and_where(self, inside, frozen, clock):
        go(inside, frozen)
        ask(inside)
        clock.shift(24 * 3600 + 1)
        services.thaw_due()
        client = Client()
        url = begin(client, password=NEW)
        app = AppDevice.objects.get()
        client.post(f"{url}method/", {"device": app.persistent_id})
        client.post(f"{url}answer/", {"code": app_code()})
        page = client.get("/frozen/receipt/").content.decode()
        assert "Everything goes on again since" in page
        assert 'href="/settings/communication/emails/"' in page
        assert 'href="/frozen/receipt/"' in client.get("/not-me/").content.decode()

    def test_there_is_none_where_nothing_was_stopped(self, client, bob, sign_in):
        sign_in(client, bob)
        assert client.get("/frozen/receipt/").status_code == 404

    def test_a_whole_session_has_no_business_on_the_way(self, client, bob, sign_in):
        sign_in(client, bob)
        for stage in Stage:
            assert client.get(f"/frozen/{stage}/")["Location"] == "/"
            assert client.post(f"/frozen/{stage}/", {"act": "ask"})["Location"] == "/"


def test_a_second_freeze_after_the_thaw_begins_anew(inside, frozen, clock):
    go(inside, frozen)
    ask(inside)
    clock.shift(24 * 3600 + 1)
    services.thaw_due()
    clock.shift(60)
    stop(frozen)
    client = enter(Client(), NEW)
    assert client.get("/frozen/way/")["Location"] == "/frozen/password/"


@pytest.mark.parametrize("stage", list(Stage))
def test_how_many_queries_a_page_takes(inside, frozen, stage, counted_queries):
    go(inside, frozen)
    with counted_queries(most=20):
        assert inside.get(f"/frozen/{stage}/").status_code == 200


def test_the_wait_is_asked_of_the_freeze(inside, frozen):
    go(inside, frozen)
    ask(inside)
    assert not freezes.may_thaw(Freeze.objects.get())
