from django.apps import AppConfig
from django.core.checks import register
from prometheus_client import REGISTRY


class AccountsConfig(AppConfig):
    """Who a person is, how to reach them, and what happened."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.alerts import receivers as alerts
        from accounts.audit.signals import recorded
        from accounts.challenges import receivers as challenges
        from accounts.contacts import receivers as contacts
        from accounts.holds import receivers as holds
        from accounts.outbox.checks import ALL
        from accounts.outbox.meters import OutboxCollector
        from accounts.outbox.signals import inbound, learnt, new_sim, reported

        recorded.connect(challenges.react, dispatch_uid="challenges.react")
        recorded.connect(alerts.tell, dispatch_uid="alerts.tell")
        recorded.connect(contacts.ask, dispatch_uid="contacts.ask")
        recorded.connect(holds.react, dispatch_uid="holds.react")
        inbound.connect(contacts.hear, dispatch_uid="contacts.hear")
        learnt.connect(contacts.learn, dispatch_uid="contacts.learn")
        reported.connect(contacts.report, dispatch_uid="contacts.report")
        new_sim.connect(contacts.meet, dispatch_uid="contacts.meet")
        for check in ALL:
            register(check)
        REGISTRY.register(OutboxCollector())
