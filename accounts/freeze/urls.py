from django.urls import path

from accounts.freeze import views

urlpatterns = [
    path("not-me/", views.not_me, name="not_me"),
    path("freeze/link/<str:token>/", views.by_link, name="freeze_link"),
    path("freeze/receipt/<str:key>/", views.receipt, name="freeze_receipt"),
]
