from django.urls import path

from sls.unlocking import views

urlpatterns = [
    path("unlock/", views.start, name="unlock"),
    path("unlock/<str:token>/", views.code, name="unlock_code"),
]
