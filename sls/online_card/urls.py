from django.urls import path

from sls.online_card import views

CARD = "settings/security/online-card/"

urlpatterns = [
    path(CARD, views.page, name="online_card"),
    path(f"{CARD}make/", views.make, name="online_card_make"),
    path(f"{CARD}<uuid:challenge>/", views.activate, name="online_card_activate"),
]
