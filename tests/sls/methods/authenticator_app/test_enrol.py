"""A new app takes over a seed by QR code or by typing."""

import re

import pytest
import segno
from django.db import transaction
from django.utils import timezone
from oath import GoogleAuthenticator

from accounts.audit import services as audit
from accounts.challenges.models import Challenge
from accounts.challenges.rules import Outcome
from accounts.origin import Origin
from sls.methods import registry
from tests.cast import person

pytestmark = pytest.mark.django_db(transaction=True)
ORIGIN = Origin(address="203.0.113.7")
APP = registry.get("authenticator_app")


@pytest.fixture
def user():
    return person("alice", mobile="+14155550101")


def enrol(user):
    with transaction.atomic():
        return APP.enrol(user=audit.lock(user.pk), origin=ORIGIN, bound_to="b" * 64)


def verify(challenge, code):
    found = Challenge.objects.get(pk=challenge.pk)
    return APP.verify(found, code, origin=ORIGIN)


def drawn(svg: str) -> set[tuple[int, int]]:
    """The black modules of a drawing, without its quiet zone."""
    x, y, black = 0, 0.0, set()
    for step, value in re.findall(r"([Mmh]) ?(-?[\d.]+(?:[ ,]-?[\d.]+)?)", path(svg)):
        if step == "h":
            black |= {(x + right - 4, int(y) - 4) for right in range(int(value))}
            x += int(value)
        else:
            right, down = (float(part) for part in value.split())
            x, y = (int(right), down) if step == "M" else (x + int(right), y + down)
    return black


def path(svg: str) -> str:
    return re.search(r'stroke="#000" d="([^"]+)"', svg)[1]


def test_another_program_reads_the_code_and_makes_right_answers(user, clock):
    begun = enrol(user)
    uri = (
        f"otpauth://totp/Client%20Portal:alice?secret={begun.shown['key']}"
        "&issuer=Client%20Portal&algorithm=SHA1&digits=6&period=30"
    )
    matrix = segno.make(uri, error="m", micro=False).matrix
    black = {(x, y) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}
    assert drawn(begun.shown["qr"]) == black
    assert verify(begun.challenge, GoogleAuthenticator(uri).generate()).is_ok
    assert APP.devices(user.pk).exists()


def test_the_key_is_the_same_seed_in_groups_of_four(user):
    shown = enrol(user).shown
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", shown["groups"])
    assert shown["groups"].replace(" ", "") == shown["key"]


def test_the_drawing_is_black_on_white_without_a_style(user):
    svg = enrol(user).shown["qr"]
    assert 'fill="#fff"' in svg
    assert "style" not in svg
    # Four modules of white around it, which cameras need.
    size = int(re.search(r'viewBox="0 0 (\d+) ', svg)[1]) - 8
    black = drawn(svg)
    assert min(black) == (0, 0)
    assert max(x for x, _y in black) == size - 1


def test_is_shown_again_until_it_is_confirmed_and_never_after(user, clock):
    begun = enrol(user)
    assert APP.enrolling(begun.challenge) == begun.shown
    key = begun.shown["key"]
    code = GoogleAuthenticator(f"otpauth://totp/x?secret={key}").generate()
    assert verify(begun.challenge, code).is_ok
    assert APP.enrolling(begun.challenge) == {}
    assert APP.enrolling(Challenge.objects.get()) == {}


def test_is_shown_no_more_once_the_time_is_over(user, clock):
    begun = enrol(user)
    clock.shift(601)
    assert APP.enrolling(begun.challenge) == {}


def test_is_shown_no_more_once_the_tries_are_over(user, clock):
    begun = enrol(user)
    outcomes = [verify(begun.challenge, "000000").outcome for _ in range(5)]
    assert outcomes[-1] is Outcome.NO_TRIES
    assert APP.enrolling(Challenge.objects.get()) == {}


def test_every_enrolment_has_a_seed_of_its_own(user):
    assert enrol(user).shown["key"] != enrol(user).shown["key"]


def test_an_enrolment_that_was_begun_anew_leaves_no_gap_behind(user):
    first = enrol(user)
    Challenge.objects.update(cancelled_at=timezone.now())
    enrol(user)
    assert verify(first.challenge, "123456").outcome is Outcome.EXPIRED
    assert APP.enrolling(first.challenge) == {}
