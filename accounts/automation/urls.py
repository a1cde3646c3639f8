from django.urls import path

from accounts.automation import views

ROOM = "settings/trading/rules"

urlpatterns = [
    path(f"{ROOM}/", views.rules, name="automation_rules"),
    path(f"{ROOM}/new/", views.new, name="automation_rule_new"),
    path(f"{ROOM}/<int:pk>/remove/", views.remove, name="automation_rule_remove"),
    path(f"{ROOM}/<int:pk>/try/", views.try_out, name="automation_rule_try"),
]
