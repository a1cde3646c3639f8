from django.urls import path

from accounts.ip_restrictions import views

LIST = "settings/security/ip/"
ONE = f"{LIST}<int:who>/"

urlpatterns = [
    path(LIST, views.mine, name="ip_restrictions"),
    path(ONE, views.listing, name="ip_list"),
    path(f"{ONE}add/", views.add, name="ip_add"),
    path(f"{ONE}try/", views.try_out, name="ip_try"),
    path(f"{ONE}confirm/", views.confirm, name="ip_confirm"),
    path(f"{ONE}take-back/", views.take_back, name="ip_take_back"),
    path(f"{ONE}door/off/", views.door_off, name="ip_door_off"),
    path(f"{ONE}door/on/", views.door_on, name="ip_door_on"),
    path(f"{ONE}<int:pk>/drop/", views.drop, name="ip_drop"),
    path(f"{ONE}<int:pk>/remove/", views.remove, name="ip_remove"),
    path(f"{ONE}<int:pk>/keep/", views.keep, name="ip_keep"),
]
