from django.urls import path

from sls.enrolment import invite_views, views

USERS = "settings/account/users/<str:number>/"

urlpatterns = [
    path("activate/", views.activate, name="activate"),
    path("activate/resend/", views.resend, name="activate_resend"),
    path("activate/<str:token>/password/", views.password, name="activation_password"),
    path(
        "activate/<str:token>/password/advice/",
        views.password_advice,
        name="activation_password_advice",
    ),
    path("activate/<str:token>/number/", views.number, name="activation_number"),
    path(f"{USERS}add/", invite_views.account_users_add, name="account_users_add"),
    path(f"{USERS}invite/", invite_views.account_users_invite, name="account_users_invite"),
]
