from django.urls import path

from accounts.passwords import views

PASSWORD = "settings/login/password/"  # noqa: S105

urlpatterns = [
    path(PASSWORD, views.change, name="password"),
    path(f"{PASSWORD}advice/", views.advice, name="password_advice"),
    path(f"{PASSWORD}later/", views.later, name="password_later"),
]
