from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who a person is, how to reach them, and what happened."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.alerts import receivers as alerts
        from accounts.audit.signals import recorded

        recorded.connect(alerts.tell, dispatch_uid="alerts.tell")
