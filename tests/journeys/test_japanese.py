"""Dai signs in, and every word on the way is Japanese."""

import re

DAI = "+819012345678"
LATIN = re.compile(r"[A-Za-z]{3,}")


def test_a_japanese_client_signs_in_in_japanese(new_person, dai, settings):
    settings.FIRST_RESEND_AFTER = 1
    person = new_person(locale="ja-JP", timezone_id="Asia/Tokyo")
    person.open("/login/")
    person.sees("ログイン", "h1")
    person.give_password("dai", button="次へ")
    person.sees("お電話をご確認ください", "h1")
    text = person.read_text(DAI)
    assert len(text.encode("utf-16-le")) // 2 <= 70
    assert re.search(r"[\u3040-\u30ff]", text)
    # To Japan no line with an address of ours: carriers drop it.
    assert "@localhost" not in text
    person.line_says("お客様の電話に届きました", status="delivered")

    person.ask_again("voice")
    call = person.rings(DAI)
    person.does(DAI, call, "answer")
    person.does(DAI, call, "press", digits="1")
    code = person.read_code(DAI)
    said = person.hears(DAI, ", ".join(code))
    assert re.search(r"[\u3040-\u30ff]", said)

    person.give_code("12a456", button="次へ")
    assert not LATIN.search(person.page.locator("#error-summary").inner_text())
    person.give_code(code, button="次へ")
    person.is_in()
    person.sees("ご対応が必要なことはありません", "h1")
    person.press("English")
    person.sees("Nothing needs your attention", "h1")
    person.press("日本語")
    mail = person.wire.mails("dai@example.com")
    assert mail == [] or re.search(r"[\u3040-\u30ff]", mail[0]["subject"])
    person.press("ログアウト")
    person.sees("ログアウトしました", "h1")
