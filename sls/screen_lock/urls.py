from django.urls import path

from sls.screen_lock import views

urlpatterns = [
    path("lock/", views.lock, name="lock"),
    path("locked/", views.unlock, name="locked"),
    path("locked/passkey/", views.unlock_passkey, name="locked_passkey"),
]
