from django.urls import path

from sls.withdrawals import views

urlpatterns = [path("settings/security/limits/", views.limits, name="withdrawal_limits")]
