"""What stands on the stage before a page is looked at: people, sign-ins, messages on their way."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp

from accounts.challenges.models import Challenge
from accounts.client_accounts import services as client_accounts
from accounts.client_accounts.models import ClientAccount, Role
from accounts.contacts import links
from accounts.contacts import services as contacts
from accounts.contacts.models import Change, EmailAddress, PhoneNumber
from accounts.lockout import services as lockout
from accounts.lockout.models import PasswordFailures
from accounts.origin import SYSTEM
from accounts.outbox import services as outbox
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from accounts.users.models import User
from sls.enrolment.services import Opening, open_account
from sls.methods import registry
from sls.methods.authenticator_app.models import AppDevice
from sls.methods.passkey.models import PasskeyDevice
from sls.methods.sms.models import PhoneDevice
from sls.policy.services import today_everywhere
from sls.step_up import services as step_up
from sls.step_up.models import Pending
from sls.step_up.rules import GRANTED
from tests import cast
from tests.passkey_authenticator import BACKED_UP, ELIGIBLE, PRESENT, VERIFIED, Passkey, enrolled

NEW = "+14155550177"
HOUR = timedelta(hours=1)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@dataclass
class Stage:
    """``client`` holds the cookies that the browser will have; ``language`` is everybody's."""

    client: Client
    language: str

    # People

    def alice(self) -> User:
        """The client of the pages."""
        name, mobile = "alice", "+14155550101"
        if self.language == "ja":
            user = cast.person(name, mobile=mobile, language="ja", zone="Asia/Tokyo")
        else:
            user = cast.person(name, mobile=mobile)
        cast.account("U1000001", user, equity=750_000)
        return user

    def carol(self) -> User:
        """A trader on Alice's account."""
        user = cast.person("carol", mobile="+14155550103", language=self.language)
        account = ClientAccount.objects.get(number="U1000001")
        client_accounts.grant(account=account, user=user, role=Role.TRADER)
        return user

    def sam(self) -> User:
        """Staff."""
        return self.of_staff("sam", "+14155550109", "support_agent")

    def of_staff(self, username: str, mobile: str, role: str) -> User:
        """Somebody of staff with this role."""
        user = cast.member_of_staff(username, mobile, role)
        User.objects.filter(pk=user.pk).update(language=self.language)
        return user

    def nina(self) -> User:
        """Opened, not activated."""
        facts = ("nina", "Nina Rossi", "nina@example.com", "+14155550111", "U2000001")
        return open_account(opening=Opening(*facts, self.language), origin=SYSTEM, actor="staff")

    def sign_in(self, user: User) -> None:
        """All the way, an hour ago as far as sending is concerned."""
        url = cast.begin(self.client, user.username)
        code = cast.code_for(user)
        self.post(f"{url}answer/", code=code)
        self.an_hour_later()

    # What they do

    def post(self, path: str, **fields: str) -> str:
        """Posts and returns where that leads."""
        response = self.client.post(path, fields)
        assert response.status_code == 302, response.content.decode()
        return response["Location"]

    def lock(self, name: str) -> None:
        """As if ten wrong passwords had been typed for the name, the last just now."""
        now = timezone.now()
        key = lockout.key_of(name)
        PasswordFailures.objects.create(pk=key, count=10, first_at=now, last_at=now)

    def an_hour_later(self) -> None:
        """What was sent so far no longer bars the next send."""
        Message.objects.update(created_at=F("created_at") - HOUR, not_before=F("not_before") - HOUR)

    def ago(self, **span: float) -> None:
        """The last message left so long ago that it may be sent again."""
        then = timezone.now() - timedelta(**span)
        Message.objects.update(created_at=then, not_before=then)

    def is_now(self, status: str, detail: str = "", error: int | None = None) -> None:
        """What became of the newest message."""
        message = Message.objects.latest("created_at")
        outbox.settle(message.pk, status=status, detail=detail, error_code=error)

    def expire(self) -> None:
        """The newest code is too old."""
        newest = Challenge.objects.latest("created_at")
        past = timezone.now() - timedelta(seconds=1)
        Challenge.objects.filter(pk=newest.pk).update(expires_at=past)

    # Pages that need a way to them

    def code_page(self) -> str:
        """Alice at the code page."""
        return cast.begin(self.client, self.alice().username)

    def password_page(self) -> str:
        """A new client at the second step of the activation."""
        user = self.nina()
        code = Challenge.objects.get(user=user).code()
        return self.post(reverse("activate"), username="nina", code=code)

    def new_number(self, **facts: object) -> PhoneNumber:
        """Alice, signed in, has a second number that is not verified."""
        user = self.alice()
        self.sign_in(user)
        return PhoneNumber.objects.create(
            user=user, number=NEW, created_at=timezone.now(), **{"line_type": "mobile"} | facts
        )

    def in_motion(self, name: str) -> str:
        """Alice, signed in, where a contact was just added; an address was made primary too, and
        the old one removed."""
        user = self.alice()
        self.sign_in(user)
        if name == "phones":
            contacts.add_phone(user_id=user.pk, typed=NEW, origin=SYSTEM)
            return reverse(name)
        added = contacts.add_email(user_id=user.pk, typed="a@example.org", origin=SYSTEM)
        added.verified_at = timezone.now()
        added.save()
        contacts.make_primary(contact=added, origin=SYSTEM)
        old = type(added).objects.exclude(pk=added.pk).get(user=user)
        contacts.remove(contact=old, origin=SYSTEM)
        return reverse(name)

    def undo_link(self, *, late: bool = False) -> str:
        """The link in the mail about the first of such changes."""
        self.in_motion("emails")
        change = Change.objects.earliest("pk")
        if late:
            Change.objects.update(until=timezone.now())
        told = EmailAddress.kept.get(address="alice@example.com")
        return links.of(change, told).removeprefix(settings.PUBLIC_BASE_URL)

    def check_due(self, path: str = "") -> str:
        """Alice, signed in, has not looked at her contacts for half a year."""
        user = self.alice()
        self.sign_in(user)
        User.objects.filter(pk=user.pk).update(contacts_confirmed_at=None)
        return path or reverse("contact_check")

    def account(self, name: str) -> str:
        """Alice, signed in, looks after the users of her account: Carol and a second name."""
        owner = self.alice()
        carol, second = self.carol(), cast.person("alice2", language=self.language)
        User.objects.filter(pk__in=(owner.pk, second.pk)).update(person="P-1")
        number = "U1000001"
        account = ClientAccount.objects.get(number=number)
        client_accounts.grant(account=account, user=second, role=Role.OWNER)
        self.sign_in(owner)
        place = carol.memberships.get().pk
        args = {"account_users": [], "account_user": [place]}.get(name, [number])
        return reverse(name, args=args)

    def account_of_others(self) -> str:
        """Carol, signed in, looks after nobody."""
        self.alice()
        self.sign_in(self.carol())
        return reverse("account_users")

    def new_address(self) -> EmailAddress:
        """Alice, signed in, has a second address that is not verified."""
        user = self.alice()
        self.sign_in(user)
        address = "alice.meadows@example.org"
        return EmailAddress.objects.create(user=user, address=address, created_at=timezone.now())

    def with_more(self) -> str:
        """Alice has one of everything, and two passkeys, of which one is a security key."""
        user = self.alice()
        self.sign_in(user)
        cast.app_device(user, "Pixel 9")
        cast.code_set(user)
        self.passkey_of(user)
        key = enrolled(user, Passkey(), "YubiKey passkey, November 2026")
        PasskeyDevice.objects.filter(pk=key.pk).update(transports=["usb", "nfc"])
        return reverse("what_if")

    def opted_out(self, name: str) -> User:
        """Alice is signed in; she, or Carol on her account, was opted out in older days."""
        owner = self.alice()
        self.sign_in(owner)
        user = owner if name == owner.username else self.carol()
        User.objects.filter(pk=user.pk).update(opted_out=True)
        return user

    def opted_out_trader(self) -> str:
        """Carol is signed in and opted out; the account is Alice's."""
        self.alice()
        user = self.carol()
        self.sign_in(user)
        User.objects.filter(pk=user.pk).update(opted_out=True)
        return reverse("opted_out")

    def step_up(self) -> str:
        """Alice wants to add a number and has to prove who she is."""
        self.sign_in(self.alice())
        return self.post(reverse("phones"), number=NEW)

    def step_up_code(self) -> str:
        """The same, after the password."""
        return self.post(self.step_up(), password=cast.PASSWORD)

    def step_up_confirm(self) -> str:
        """The same, after the code."""
        url = self.step_up_code()
        code = Challenge.objects.latest("created_at").code()
        return self.post(f"{url}answer/", code=code)

    def step_up_app(self) -> str:
        """Alice, who has two authenticator apps, is asked for a code of the first."""
        user = self.alice()
        self.sign_in(user)
        for name in ("Pixel 9", "Tablet"):
            cast.app_device(user, name)
        return self.post(self.post(reverse("phones"), number=NEW), password=cast.PASSWORD)

    def step_up_lapsed(self) -> str:
        """The same, a while later."""
        url = self.step_up_app()
        self.expire()
        return url

    def step_up_out_of_reach(self) -> str:
        """Her only app is switched off, and a telephone is not enough for whoever holds one."""
        user = self.alice()
        self.sign_in(user)
        app = cast.app_device(user)
        app.disabled_at = timezone.now()
        app.save(update_fields=["disabled_at"])
        return self.post(reverse("phones"), number=NEW)

    def step_up_stopped(self) -> str:
        """What was held has been dropped."""
        url = self.step_up()
        step_up.drop(user_id=User.objects.get().pk)
        return url

    def step_up_window(self) -> str:
        """Alice may change IP restrictions for some minutes."""
        self.sign_in(self.alice())
        until = timezone.now() + GRANTED
        Session.objects.update(verified_action="ip_restrictions.change", verified_until=until)
        return reverse("settings")

    def step_up_over(self) -> str:
        """The same, too late."""
        url = self.step_up()
        Pending.objects.update(expires_at=timezone.now())
        return url

    def step_up_refused(self) -> str:
        """The same, with nothing left that could prove it."""
        url = self.step_up()
        PhoneNumber.objects.update(trusted_from=timezone.now() + HOUR)
        return url

    # Policies

    def passkey_due(self, path: str, *, days: int) -> str:
        """Alice, signed in at ``path``, has to have a passkey in so many days."""
        self.sign_in(self.alice())
        day = today_everywhere() + timedelta(days=days)
        Session.objects.update(enrol_only_from=day)
        return path

    # Authenticators

    def choosing(self) -> str:
        """Alice, who has used all her ways at some time, chooses one."""
        user, now = self.alice(), timezone.now()
        devices = {
            1: enrolled(user, Passkey(), "Passkey on Pixel 9"),
            3: user.phonenumbers.get().devices.get(),
            40: cast.app_device(user, "iPad"),
        }
        for days, device in devices.items():
            device.last_used_at = now - timedelta(days=days)
            device.save(update_fields=["last_used_at"])
        cast.code_set(user)
        return cast.begin(self.client, user.username)

    def chosen(self, method: str) -> str:
        """The same, at the page of the answer."""
        url = self.choosing()
        user_id = EmailAddress.objects.get().user_id
        row = next(row for row in registry.devices(user_id) if row.method == method)
        self.post(f"{url}method/", device=row.id)
        return url

    def proven(self, path: str) -> str:
        """Alice, signed in, posts a sensitive request and proves it; returns where that leads."""
        url = self.post(self.post(path), password=cast.PASSWORD)
        code = Challenge.objects.latest("created_at").code()
        self.post(f"{url}answer/", code=code)
        return self.post(path)

    def enrolment(self, method: str = "authenticator_app") -> str:
        """Alice adds an authenticator."""
        self.sign_in(self.alice())
        return self.proven(reverse("device_add", args=[method]))

    def enrolment_over(self) -> str:
        """The same, too late."""
        url = self.enrolment()
        self.expire()
        return url

    def new_codes(self) -> str:
        """Alice has proven that she may make backup codes; the next button makes them."""
        return self.proven_only("backup_codes_renew")

    def proven_only(self, name: str) -> str:
        """Alice has proven that she may post to ``name``; the next button does it."""
        self.sign_in(self.alice())
        url = self.post(self.post(reverse(name)), password=cast.PASSWORD)
        return self.post(f"{url}answer/", code=Challenge.objects.latest("created_at").code())

    def few_codes(self) -> str:
        """Alice, signed in, has used most of her backup codes."""
        user = self.alice()
        device = cast.code_set(user)
        for number in range(1, 8):
            device.use(number)
        device.save()
        self.sign_in_by_text(user)
        return reverse("devices")

    def backup_code_page(self) -> str:
        """Alice, asked for a backup code."""
        user = self.alice()
        device = cast.code_set(user)
        url = cast.begin(self.client, user.username)
        self.post(f"{url}method/", device=device.persistent_id)
        return url

    def several(self) -> AppDevice:
        """Alice, signed in, holds a number and two authenticator apps, one of them disabled."""
        user, now = self.alice(), timezone.now()
        old = cast.app_device(user, "iPad")
        AppDevice.objects.filter(pk=old.pk).update(disabled_at=now, failures=20, position=3)
        used = {"last_used_address": "203.0.113.7", "last_used_agent": FIREFOX}
        one = cast.app_device(user, "Pixel 9")
        AppDevice.objects.filter(pk=one.pk).update(last_used_at=now - 30 * HOUR, position=1, **used)
        self.sign_in_by_text(user)
        return one

    def sign_in_by_text(self, user: User) -> None:
        """Alice chooses her telephone."""
        device = user.phonenumbers.get().devices.get()
        url = cast.begin(self.client, user.username)
        self.post(f"{url}method/", device=device.persistent_id)
        self.post(f"{url}answer/", code=cast.code_for(user))
        self.an_hour_later()

    def one_device(self, query: str = "") -> str:
        """The page of one of them."""
        return reverse("device", args=["authenticator_app", self.several().pk]) + query

    def test_page(self, *, answered: bool | None = None) -> str:
        """The test of one of them: not begun, waiting for the answer, or answered."""
        path = reverse("device_test", args=["authenticator_app", self.several().pk])
        if answered is not None:
            self.post(path)
        if answered:
            self.post(path, code=f"{totp(cast.SEED):06d}")
        return path

    # Passkeys

    def passkeys(self) -> str:
        """Alice, signed in, holds a synced one and a security key."""
        self.sign_in(self.alice())
        self.passkey_of(User.objects.get())
        enrolled(User.objects.get(), Passkey(), "YubiKey in the drawer")
        return reverse("devices")

    def passkey_of(self, user: User) -> int:
        """A passkey that its maker syncs."""
        synced = Passkey(flags=PRESENT | VERIFIED | ELIGIBLE | BACKED_UP)
        return enrolled(user, synced, "iCloud Keychain passkey, November 2026").pk

    def passkey_device(self) -> str:
        """The page of one."""
        self.sign_in(self.alice())
        return reverse("device", args=["passkey", self.passkey_of(User.objects.get())])

    def passkey_page(self) -> str:
        """Alice, who signs in by passkey only, after her password."""
        user = self.alice()
        PhoneDevice.objects.update(confirmed=False, revoked_at=timezone.now(), phone=None)
        self.passkey_of(user)
        return cast.begin(self.client, user.username)

    def passkey_over(self) -> str:
        """The same, too late."""
        url = self.passkey_page()
        self.expire()
        return url

    def step_up_passkey(self) -> str:
        """Alice proves by passkey that she may add a number."""
        self.sign_in(self.alice())
        self.passkey_of(User.objects.get())
        return self.post(self.post(reverse("phones"), number=NEW), password=cast.PASSWORD)
