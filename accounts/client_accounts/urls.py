from django.urls import path

from accounts.client_accounts import views

OPT = "settings/security/opt-back-in/"

urlpatterns = [
    path(OPT, views.opted_out, name="opted_out"),
    path(f"{OPT}<int:pk>/", views.opt_back_in, name="opt_back_in"),
    path(f"{OPT}done/", views.opted_in, name="opted_in"),
]
