from django.apps import AppConfig
from prometheus_client import REGISTRY


class SlsConfig(AppConfig):
    """The Secure Login System."""

    name = "sls"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.core.checks import register

        from accounts.audit.signals import recorded
        from sls.devices import receivers as devices
        from sls.login import receivers as login
        from sls.methods.dsc_plus.meters import CardCollector
        from sls.methods.sms import receivers as sms
        from sls.policy import receivers as policy
        from sls.step_up import receivers as step_up
        from sls.withdrawals.checks import crossing_limits

        recorded.connect(devices.react, dispatch_uid="devices.react")
        recorded.connect(login.react, dispatch_uid="login.react")
        recorded.connect(policy.react, dispatch_uid="policy.react")
        recorded.connect(sms.react, dispatch_uid="sms.react")
        recorded.connect(step_up.react, dispatch_uid="step_up.react")
        register(crossing_limits)
        REGISTRY.register(CardCollector())
