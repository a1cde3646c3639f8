"""All addresses of the site; each room brings its own."""

from django.urls import include, path

from portal import errors, health, metrics, security_txt

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path(".well-known/security.txt", security_txt.security_txt, name="security_txt"),
    path("", include("sls.login.urls")),
    path("", include("sls.enrolment.urls")),
    path("", include("sls.step_up.urls")),
    path("", include("sls.what_if.urls")),
    path("", include("sls.withdrawals.urls")),
    path("", include("accounts.client_accounts.urls")),
    path("", include("sls.devices.urls")),
    path("", include("sls.cards.urls")),
    path("", include("accounts.contacts.urls")),
    path("", include("accounts.outbox.urls")),
    path("console/", include("portal.console.urls")),
    path("", include("portal.home.urls")),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error
