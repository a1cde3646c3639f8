from django.urls import path

from portal.recovery_kit import views

urlpatterns = [
    path("kit/", views.recovery_kit, name="recovery_kit"),
    path("kit/<str:token>/", views.kit_current, name="kit_current"),
]
