"""All addresses of the site; each room brings its own."""

from django.urls import include, path

from portal import errors, health, metrics, security_txt
from portal.console.site import site
from portal.routing import remembering

urlpatterns = remembering(
    [
        path("healthz", health.healthz, name="healthz"),
        path("readyz", health.readyz, name="readyz"),
        path("metrics", metrics.metrics, name="metrics"),
        path(".well-known/security.txt", security_txt.security_txt, name="security_txt"),
        path("", include("sls.login.urls")),
        path("", include("sls.enrolment.urls")),
        path("", include("sls.recovery.urls")),
        path("", include("sls.unlocking.urls")),
        path("", include("sls.incident.urls")),
        path("", include("sls.screen_lock.urls")),
        path("", include("accounts.sessions.urls")),
        path("", include("accounts.freeze.urls")),
        path("", include("accounts.cases.urls")),
        path("", include("accounts.callers.urls")),
        path("", include("accounts.transactions.urls")),
        path("", include("sls.step_up.urls")),
        path("", include("sls.what_if.urls")),
        path("", include("sls.withdrawals.urls")),
        path("", include("accounts.documents.urls")),
        path("", include("sls.decisions.urls")),
        path("", include("sls.travel.urls")),
        path("", include("accounts.client_accounts.urls")),
        path("", include("sls.ib_key.urls")),
        path("", include("sls.devices.urls")),
        path("", include("sls.cards.urls")),
        path("", include("sls.online_card.urls")),
        path("", include("sls.ib_key_app.urls")),
        path("", include("accounts.api_tokens.urls")),
        path("", include("accounts.automation.urls")),
        path("", include("accounts.ceilings.urls")),
        path("", include("accounts.contacts.urls")),
        path("", include("accounts.alerts.urls")),
        path("", include("accounts.passwords.urls")),
        path("", include("accounts.outbox.urls")),
        path("", include("accounts.ip_restrictions.urls")),
        path("", include("portal.reference.urls")),
        path("api/v1/", include("portal.api")),
        path("console/", site.urls),
        path("", include("portal.activity.urls")),
        path("", include("portal.asked.urls")),
        path("", include("portal.recovery_kit.urls")),
        path("", include("portal.home.urls")),
    ]
)

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error
