"""A18: bodies, fields and names that no form of the portal can have sent."""

import json

import pytest
from django_otp.oath import totp

from accounts.challenges.models import Challenge
from accounts.contacts.models import PhoneNumber
from accounts.lockout.models import PasswordFailures
from accounts.outbox.models import Message
from accounts.sessions.models import Session
from accounts.users import services
from accounts.users.models import User
from sls.methods.sms.models import PhoneDevice
from sls.step_up.models import Pending
from tests.attacks.tools import EMAILS, PHONES, browser
from tests.cast import CODE, PASSWORD, SEED, begin, code_for, code_set, post_password

FORM = "application/x-www-form-urlencoded"
MEGABYTE = 1024 * 1024


def unreadable(code: str) -> dict[str, tuple[str | bytes, str]]:
    """Bodies around a right code; none of them says it in the one way that counts."""
    return {
        "repeated": (f"code={code}&code={code}", FORM),
        "right and wrong": (f"code=000000&code={code}", FORM),
        "array in brackets": (f"code[]={code}", FORM),
        "array with index": (f"code[0]={code}", FORM),
        "array in escaped brackets": (f"code%5B%5D={code}", FORM),
        "object": (f"code[a]={code}", FORM),
        "NUL": (f"code={code}%00", FORM),
        "NUL in name": (f"code={code}&x%00=1", FORM),
        "raw NUL": (f"code={code}\x00".encode(), FORM),
        "not UTF-8": (f"code={code}%ff", FORM),
        "lone surrogate": (f"code={code}%ED%A0%80", FORM),
        "replacement character": (f"code={code}%EF%BF%BD", FORM),
        "JSON": (json.dumps({"code": code}), "application/json"),
        "JSON array": (json.dumps({"code": [code]}), "application/json"),
        "JSON number": (f'{{"code": {code}}}', "application/json"),
        "JSON boolean": (json.dumps({"code": True}), "application/json"),
        "JSON deep": ("[" * 10_000, "application/json"),
        "JSON twice": (f'{{"code":"1","code":"{code}"}}', "application/json"),
        "form said to be JSON": (f"code={code}", "application/json"),
        "form said to be text": (f"code={code}", "text/plain"),
        "XML": (f"<code>{code}</code>", "application/xml"),
        "no type": (f"code={code}", ""),
        "odd type": (f"code={code}", "application"),
        "other charset": (f"code={code}".encode("utf-16"), f"{FORM}; charset=utf-16"),
        "multipart without boundary": (f"code={code}", "multipart/form-data"),
        "many fields": (f"code={code}" + "&a=1" * 200, FORM),
        "100 kB": (f"code={code}" + "0" * 100_000, FORM),
        "10 MB": (f"code={code}&x=" + "0" * (10 * MEGABYTE), FORM),
    }


CASES = list(unreadable("123456"))


def post(tab, url: str, case: str, code: str, name: str = "code"):
    body, kind = unreadable(code)[case]
    if name != "code":
        old, new = b"code", name.encode()
        body = (body if isinstance(body, bytes) else body.encode()).replace(old, new)
    return tab.generic("POST", url, body, content_type=kind)


@pytest.mark.parametrize("case", CASES)
def test_an_unreadable_answer_is_400_and_loses_nothing(alice, case):
    tab = browser()
    url, code = begin(tab), code_for(alice)
    assert post(tab, f"{url}answer/", case, code).status_code == 400
    assert Challenge.objects.get().tries_left == 5
    assert PhoneDevice.objects.get().failures == 0
    assert not Session.objects.exists()
    assert tab.post(f"{url}answer/", {"code": code}).status_code == 302


@pytest.mark.parametrize("case", CASES)
def test_an_unreadable_backup_code_is_400_and_uses_nothing_up(alice, case):
    codes, tab = code_set(alice), browser()
    url = begin(tab)
    tab.post(f"{url}method/", {"device": codes.persistent_id})
    assert post(tab, f"{url}answer/", case, f"{CODE}A").status_code == 400
    codes.refresh_from_db()
    assert (codes.failures, codes.used) == (0, [])
    assert not Session.objects.exists()
    assert tab.post(f"{url}answer/", {"code": f"{CODE}A"}).status_code == 302


@pytest.mark.parametrize("case", CASES)
def test_an_unreadable_password_is_400_and_counts_nothing(alice, case):
    tab = browser()
    body, kind = unreadable("123456")[case]
    body = body if isinstance(body, bytes) else body.encode()
    body = b"username=alice&password=x&" + body if kind.startswith(FORM) else body
    assert tab.generic("POST", "/login/", body, content_type=kind).status_code == 400
    assert not PasswordFailures.objects.exists()


@pytest.mark.parametrize("case", CASES)
def test_an_unreadable_number_is_400_and_holds_nothing(signed_in, case):
    signed_in.raise_request_exception = False
    assert post(signed_in, PHONES, case, "14155550177", "number").status_code == 400
    assert not Pending.objects.exists()
    assert PhoneNumber.objects.count() == 1


@pytest.mark.parametrize("case", CASES)
def test_an_unreadable_wish_for_a_code_is_400_and_sends_nothing(alice, clock, case):
    tab = browser()
    url = begin(tab)
    clock.shift(61)
    assert post(tab, f"{url}resend/", case, "123456", "delivery").status_code == 400
    assert Message.objects.count() == 1


@pytest.mark.parametrize("case", CASES)
def test_an_unreadable_activation_is_400_and_counts_nothing(nina, case):
    body, kind = unreadable("123456")[case]
    body = body if isinstance(body, bytes) else body.encode()
    body = b"username=nina&" + body if kind.startswith(FORM) else body
    response = browser().generic("POST", "/activate/", body, content_type=kind)
    assert response.status_code == 400
    assert Challenge.objects.get().tries_left == 5


@pytest.mark.parametrize(
    "query", ["next=/%00", "next=/%ff", "next=/%ED%A0%80", "next=/a&next=/b", "%00=1", "next[]=/a"]
)
def test_an_unreadable_address_is_400(alice, query):
    fields = {"username": "alice", "password": PASSWORD}
    for answer in (
        browser().post(f"/login/?{query}", fields),
        browser().get(f"/login/?{query}"),
    ):
        assert answer.status_code == 400
    assert not Message.objects.exists()


@pytest.mark.parametrize("token", ["%00", "%ff", "%ED%A0%80", "..%2f..", "x" * 5000, "a%0d%0aSet"])
def test_an_odd_token_is_a_404(db, token):
    for path in (f"/login/{token}/", f"/activate/{token}/password/"):
        assert browser().get(path).status_code == 404
    assert browser().post(f"/login/{token}/answer/", {"code": "123456"}).status_code == 404


# --- What is readable, but odd -------------------------------------------------------------------

WIDE = {ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}
ARABIC = {ord(str(digit)): chr(0x0660 + digit) for digit in range(10)}


@pytest.mark.parametrize("as_typed", ["full-width", "spaced", "grouped", "en dash", "ideographic"])
def test_digits_of_any_keyboard_are_read(client, alice, as_typed):
    url, code = begin(client), code_for(alice)
    typed = {
        "full-width": code.translate(WIDE),
        "spaced": f"  {code}\t",
        "grouped": f"{code[:3]} {code[3:]}",
        "en dash": f"{code[:3]}\u2013{code[3:]}",
        "ideographic": f"\u3000{code[:3]}\u3000{code[3:]}",
    }[as_typed]
    assert client.post(f"{url}answer/", {"code": typed}).status_code == 302


@pytest.mark.parametrize(
    "typed", ["{arabic}", "True", "true", "None", "NaN", "1e5", "0x1e240", "+{code}", "{code}.0",
              "{code}\u200b", "\u202e{code}", "{code}{code}", "{code} or 1=1", "']\"", "-1", "½"],
)  # fmt: skip
def test_what_is_no_code_is_said_and_not_counted(client, alice, typed):
    url, code = begin(client), code_for(alice)
    text = typed.format(code=code, arabic=code.translate(ARABIC))
    response = client.post(f"{url}answer/", {"code": text})
    assert response.status_code == 200
    assert "error-summary" in response.content.decode()
    assert Challenge.objects.get().tries_left == 5
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "as_typed", ["lower case", "full-width", "grouped", "long vowel marks", "0 for O, 1 for I"]
)
def test_letters_of_any_keyboard_are_read(client, alice, as_typed):
    codes, code = code_set(alice), f"{CODE}I"
    typed = {
        "lower case": code.lower(),
        "full-width": "".join(chr(ord(letter) + 0xFEE0) for letter in code),
        "grouped": " ".join(code[n : n + 4] for n in range(0, 16, 4)),
        "long vowel marks": "\u30fc".join(code[n : n + 4] for n in range(0, 16, 4)),
        "0 for O, 1 for I": code.replace("I", "1").replace("B", "8"),
    }[as_typed]
    url = begin(client)
    client.post(f"{url}method/", {"device": codes.persistent_id})
    assert client.post(f"{url}answer/", {"code": typed}).status_code == 302


@pytest.mark.parametrize(
    "typed", ["{code}9", "{code}\u200b", "\u202e{code}", "{code}{code}", "{code} or 1=1",
              "{code}\u0130", "{short}9", "{short}\u00c9", "{short}\u017f\u017f", "*" * 16,
              "%" * 16, "_" * 16, "True"],
)  # fmt: skip
def test_what_is_no_backup_code_is_said_and_not_counted(client, alice, typed):
    codes = code_set(alice)
    url = begin(client)
    client.post(f"{url}method/", {"device": codes.persistent_id})
    text = typed.format(code=f"{CODE}A", short=CODE)
    response = client.post(f"{url}answer/", {"code": text})
    assert response.status_code == 200
    assert "error-summary" in response.content.decode()
    codes.refresh_from_db()
    assert (codes.failures, codes.used) == (0, [])
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "typed", ["{arabic}", "KMP-{code}", "{code}\u200b", "+{code}", "{code}{code}"]
)
def test_what_is_no_code_of_an_app_is_said_and_not_counted(client, sam, typed, clock):
    url, code = begin(client, "sam"), f"{totp(SEED):06d}"
    text = typed.format(code=code, arabic=code.translate(ARABIC))
    assert client.post(f"{url}answer/", {"code": text}).status_code == 200
    assert sam.appdevice_set.get().failures == 0
    assert not Session.objects.exists()


NAMES = {
    "blank": " ",
    "right to left": "\u202eecila",
    "Hebrew": "\u05d0\u05dc\u05d9\u05e1",
    "zero width": "ali\u200bce",
    "diacritic": "alic\u00e9",
    "combining": "alice\u0301",
    "Cyrillic": "\u0430lice",
    "long s": "\u017fam",
    "emoji": "🦊",
    "markup": "<script>alert(1)</script>",
    "template": "{{ settings.SECRET_KEY }}",
    "SQL": "alice'--",
    "percent": "%s%(x)s{0}",
    "line break": "alice\r\nroot",
    "expanding": "\ufdfa" * 150,
}


@pytest.mark.parametrize("kind", list(NAMES))
def test_odd_names_are_unknown_names(alice, kind):
    response = post_password(browser(), NAMES[kind], "wrong")
    assert response.status_code == 200
    page = response.content.decode()
    assert "<script>alert" not in page
    if kind != "blank":
        assert "do not match" in page
    assert post_password(browser(), NAMES[kind]).status_code in (200, 302)


def test_cve_2018_1000809_a_blank_name_costs_nothing(alice):
    for blank in ("", " ", "\t", "\u3000"):
        assert post_password(browser(), blank, "wrong").status_code == 200
    assert not PasswordFailures.objects.exists()


@pytest.mark.parametrize("length", [151, 1_000, 60_000])
def test_endless_names_and_passwords_are_not_hashed(alice, length, monkeypatch):
    monkeypatch.setattr(services, "check", None)
    assert post_password(browser(), "a" * length, "wrong").status_code == 200
    assert post_password(browser(), "alice", "a" * max(length, 1_025)).status_code == 200
    assert not PasswordFailures.objects.exists()


def test_a_name_of_100_kb_is_400(alice):
    assert post_password(browser(), "a" * 100_000, "wrong").status_code == 400


def test_cve_2026_97764_spellings_find_one_user_and_one_counter(alice):
    same = ["alice", "ALICE", "ａｌｉｃｅ", "ⓐlice", " alice\u3000"]
    other = ["alicé", "ali\u200bce", "\u0430lice"]
    for name in same + other:
        post_password(browser(), name, "wrong")
    counts = sorted(PasswordFailures.objects.values_list("count", flat=True))
    assert counts == [1] * len(other) + [len(same)]
    assert {User.objects.by_name(name) for name in same} == {alice}
    assert {User.objects.by_name(name) for name in other} == {None}


@pytest.mark.parametrize("number", ["\u202e+14155550177", "+1415555017\u0667", "tel:+14155550177",
                                    "+1 415 555 0177 ext 5", "+1-415-FLOWERS", "++14155550177",
                                    "+" * 40, "9" * 40, "+14155550177;x", "\uff0b"],
)  # fmt: skip
def test_odd_numbers_are_refused_before_the_step_up(signed_in, number):
    response = signed_in.post(PHONES, {"number": number})
    assert response.status_code == 200
    assert "error-summary" in response.content.decode()
    assert not Pending.objects.exists()


@pytest.mark.parametrize(
    "email",
    [
        "a@b.com\r\nBcc: x@evil.example",
        "a@b.com,c@d.com",
        "@",
        "a@b",
        "a@[127.0.0.1]",
        '"a b"@c.com',
        "a@ex\u0430mple.com",
        "a" * 300,
    ],
)
def test_odd_addresses_are_refused_before_the_step_up(signed_in, email):
    response = signed_in.post(EMAILS, {"email": email})
    assert response.status_code == 200
    assert "error-summary" in response.content.decode()
    assert not Pending.objects.exists()


@pytest.mark.parametrize(
    "device",
    [
        "",
        "sms",
        "sls.phonedevice/0",
        "sls.phonedevice/1' or '1",
        "django_otp.device/1",
        "../../x",
        "9" * 400,
    ],
)
def test_odd_authenticators_are_refused(sam, device):
    tab = browser()
    url = begin(tab, "sam")
    response = tab.post(f"{url}method/", {"device": device})
    assert response.status_code == 200
    assert Challenge.objects.count() == 1


@pytest.mark.parametrize("way", ["999", "-1", "²", "9" * 300, "0x1", ""])
def test_odd_ways_of_a_step_up_are_refused(signed_in, ask_to_add, way):
    signed_in.raise_request_exception = False
    url = ask_to_add(signed_in)
    signed_in.post(url, {"password": PASSWORD})
    asked = Challenge.objects.count()
    response = signed_in.post(f"{url}resend/", {"way": way})
    said = "That way to verify cannot be used now." in response.content.decode()
    assert response.status_code in (400, 429) or said
    assert Challenge.objects.count() == asked


@pytest.mark.parametrize(
    "header",
    ["User-Agent", "Accept-Language", "X-Request-ID", "Cookie", "HX-Request", "Accept", "Origin"],
)
def test_odd_headers_break_nothing(alice, header):
    for value in ("\x7f\u00ff" * 50, "a" * 8_000, "\u00e9\u202a".encode().decode("latin-1"), "%00"):
        tab = browser(**{header: value})
        assert post_password(tab).status_code in (302, 200, 400, 429)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "BREW"])
def test_other_methods_do_nothing(client, alice, clock, method):
    url, code = begin(client), code_for(alice)
    clock.shift(61)
    for path in ("/login/", f"{url}answer/", f"{url}resend/", "/activate/"):
        response = client.generic(method, path, f"code={code}&delivery=sms", content_type=FORM)
        assert response.status_code in (400, 403, 405)
    assert not Session.objects.exists()
    assert Message.objects.count() == 1


def test_a_method_override_is_no_method(client, alice):
    url, code = begin(client), code_for(alice)
    for header in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        response = client.get(f"{url}answer/?code={code}&_method=POST", headers={header: "POST"})
        assert response.status_code == 405
    assert not Session.objects.exists()
