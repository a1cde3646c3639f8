from django.urls import path

from accounts.ceilings import views

ROOM = "settings/trading/ceilings"

urlpatterns = [
    path(f"{ROOM}/", views.ceilings, name="ceilings"),
    path(f"{ROOM}/<str:number>/", views.ceiling, name="ceiling"),
    path(f"{ROOM}/<str:number>/raise/", views.ceiling_raise, name="ceiling_raise"),
    path(f"{ROOM}/<str:number>/keep/", views.ceiling_keep, name="ceiling_keep"),
]
