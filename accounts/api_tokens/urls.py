from django.urls import path

from accounts.api_tokens import views

ROOM = "settings/trading/tokens"

urlpatterns = [
    path(f"{ROOM}/", views.tokens, name="api_tokens"),
    path(f"{ROOM}/new/", views.new, name="api_token_new"),
    path(f"{ROOM}/stop/", views.stop, name="automation_stop"),
    path(f"{ROOM}/resume/", views.resume, name="automation_resume"),
    path(f"{ROOM}/handle/", views.handle, name="automation_handle"),
    path(f"{ROOM}/<int:pk>/", views.token, name="api_token"),
    path(f"{ROOM}/<int:pk>/renew/", views.renew, name="api_token_renew"),
    path(f"{ROOM}/<int:pk>/narrow/", views.narrow, name="api_token_narrow"),
    path(f"{ROOM}/<int:pk>/revoke/", views.revoke, name="api_token_revoke"),
]
