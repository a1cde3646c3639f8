from django.apps import AppConfig
from django.core.checks import register
from prometheus_client import REGISTRY


class AccountsConfig(AppConfig):
    """Who a person is, how to reach them, and what happened."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.alerts import receivers as alerts
        from accounts.alerts.services import is_told
        from accounts.approvals import receivers as approvals
        from accounts.audit import services as audit
        from accounts.audit.signals import recorded
        from accounts.automation import receivers as automation
        from accounts.callers import receivers as callers
        from accounts.cases import receivers as cases
        from accounts.ceilings import receivers as ceilings
        from accounts.challenges import receivers as challenges
        from accounts.client_accounts import receivers as client_accounts
        from accounts.contacts import receivers as contacts
        from accounts.holds import receivers as holds
        from accounts.ip_restrictions import receivers as ip_restrictions
        from accounts.outbox.checks import ALL
        from accounts.outbox.hooks import receivers as hooks
        from accounts.outbox.meters import OutboxCollector
        from accounts.outbox.signals import answered, inbound, learnt, new_sim, reported
        from accounts.passwords import receivers as passwords
        from accounts.sessions import receivers as sessions
        from accounts.transactions import calling

        if is_told not in audit.noted:
            audit.noted.append(is_told)
        recorded.connect(challenges.react, dispatch_uid="challenges.react")
        recorded.connect(alerts.tell, dispatch_uid="alerts.tell")
        recorded.connect(approvals.react, dispatch_uid="approvals.react")
        recorded.connect(automation.react, dispatch_uid="automation.react")
        recorded.connect(callers.react, dispatch_uid="callers.react")
        recorded.connect(cases.react, dispatch_uid="cases.react")
        recorded.connect(ceilings.react, dispatch_uid="ceilings.react")
        recorded.connect(client_accounts.react, dispatch_uid="client_accounts.react")
        recorded.connect(contacts.ask, dispatch_uid="contacts.ask")
        recorded.connect(holds.react, dispatch_uid="holds.react")
        recorded.connect(hooks.tell, dispatch_uid="hooks.tell")
        recorded.connect(ip_restrictions.react, dispatch_uid="ip_restrictions.react")
        recorded.connect(passwords.react, dispatch_uid="passwords.react")
        recorded.connect(sessions.react, dispatch_uid="sessions.react")
        inbound.connect(contacts.hear, dispatch_uid="contacts.hear")
        learnt.connect(contacts.learn, dispatch_uid="contacts.learn")
        reported.connect(contacts.report, dispatch_uid="contacts.report")
        new_sim.connect(contacts.meet, dispatch_uid="contacts.meet")
        answered.connect(calling.hear, dispatch_uid="transactions.hear")
        for check in ALL:
            register(check)
        REGISTRY.register(OutboxCollector())
