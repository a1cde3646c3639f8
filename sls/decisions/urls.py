from django.urls import path

from sls.decisions import views

urlpatterns = [
    path("withdrawals/<uuid:withdrawal>/", views.prove, name="withdrawal_prove"),
]
