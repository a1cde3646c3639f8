from django.apps import AppConfig
from prometheus_client import REGISTRY


class SlsConfig(AppConfig):
    """The Secure Login System."""

    name = "sls"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.core.checks import register

        from accounts.audit.signals import recorded
        from sls.cards import receivers as cards
        from sls.devices import receivers as devices
        from sls.incident import receivers as incident
        from sls.login import facts
        from sls.login import receivers as login
        from sls.methods.dsc_plus.meters import CardCollector
        from sls.methods.ib_key import activations
        from sls.methods.ib_key import receivers as ib_key
        from sls.methods.sms import receivers as sms
        from sls.methods.temporary_passcode import receivers as passcodes
        from sls.policy import receivers as policy
        from sls.recovery import receivers as recovery
        from sls.step_up import receivers as step_up
        from sls.withdrawals.checks import crossing_limits

        recorded.connect(cards.react, dispatch_uid="cards.react")
        recorded.connect(devices.react, dispatch_uid="devices.react")
        recorded.connect(ib_key.react, dispatch_uid="ib_key.react")
        recorded.connect(incident.react, dispatch_uid="incident.react")
        recorded.connect(login.react, dispatch_uid="login.react")
        recorded.connect(policy.react, dispatch_uid="policy.react")
        recorded.connect(recovery.react, dispatch_uid="recovery.react")
        recorded.connect(sms.react, dispatch_uid="sms.react")
        recorded.connect(passcodes.react, dispatch_uid="passcodes.react")
        recorded.connect(step_up.react, dispatch_uid="step_up.react")
        activations.weighing[:] = [facts.lock_and_weigh]
        register(crossing_limits)
        REGISTRY.register(CardCollector())
