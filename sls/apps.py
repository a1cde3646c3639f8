from django.apps import AppConfig


class SlsConfig(AppConfig):
    """The Secure Login System."""

    name = "sls"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.audit.signals import recorded
        from sls.login import receivers as login
        from sls.methods.sms import receivers as sms

        recorded.connect(login.react, dispatch_uid="login.react")
        recorded.connect(sms.react, dispatch_uid="sms.react")
