""" "Verify your identity"."""

from django_otp.oath import totp
from playwright.sync_api import Page

from tests import cast
from tests.attacks.tools import other_than
from tests.journeys.scenes.scene import CLIENT, Scene, submit
from tests.journeys.stage import Stage


def wrong_app_code(page: Page) -> None:
    """Types a code that no app with the cast's seed shows."""
    submit(page, code=other_than(f"{totp(cast.SEED):06d}", 7))


def kept_back(stage: Stage) -> str:
    url = stage.step_up_code()
    stage.is_now("failed", "new_sim")
    return url


SCENES = [
    Scene("step-up-password", "step_up", Stage.step_up, CLIENT),
    Scene("step-up-code", "step_up", Stage.step_up_code, CLIENT),
    Scene("step-up-app", "step_up", Stage.step_up_app, CLIENT),
    Scene("step-up-app-wrong", "step_up", Stage.step_up_app, CLIENT, act=wrong_app_code),
    Scene("step-up-lapsed", "step_up", Stage.step_up_lapsed, CLIENT),
    Scene("step-up-passkey", "step_up", Stage.step_up_passkey, CLIENT),
    Scene("step-up-kept-back", "step_up", kept_back, CLIENT),
    Scene("step-up-over", "step_up", Stage.step_up_over, CLIENT),
    Scene("step-up-stopped", "step_up", Stage.step_up_stopped, CLIENT),
    Scene("step-up-refused", "step_up", Stage.step_up_refused, CLIENT),
    Scene("step-up-out-of-reach", "step_up", Stage.step_up_out_of_reach, CLIENT),
    Scene("step-up-confirm", "step_up_confirm", Stage.step_up_confirm, CLIENT),
    Scene("step-up-window", "settings", Stage.step_up_window, CLIENT),
]
