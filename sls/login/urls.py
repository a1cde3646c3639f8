from django.urls import path

from sls.login import alone_views, door_views, views

urlpatterns = [
    path("login/", views.start, name="login"),
    path("login/passkey/", alone_views.enter, name="login_passkey"),
    path("login/passkey/question/", alone_views.ask, name="login_passkey_ask"),
    path("login/<str:token>/", views.attempt, name="login_attempt"),
    path("login/<str:token>/door/", door_views.door, name="login_door"),
    path("login/<str:token>/method/", views.method, name="login_method"),
    path("login/<str:token>/answer/", views.answer, name="login_answer"),
    path("login/<str:token>/resend/", views.resend, name="login_resend"),
    path("login/<str:token>/status/", views.status, name="login_status"),
    path("logout/", views.logout, name="logout"),
]
