from django.urls import path

from accounts.sessions import views, weekly_views

SESSIONS = "settings/security/sessions/"
BROWSERS = f"{SESSIONS}browsers/"

urlpatterns = [
    path(SESSIONS, views.sessions, name="sessions"),
    path(f"{SESSIONS}end-others/", views.end_others, name="sessions_end_others"),
    path(f"{SESSIONS}<slug:reference>/end/", views.end, name="session_end"),
    path(BROWSERS, views.known_devices, name="known_devices"),
    path(f"{BROWSERS}<int:pk>/forget/", views.known_device_forget, name="known_device_forget"),
    path("settings/trading/weekly/", weekly_views.weekly_sign_in, name="weekly_sign_in"),
    path("session/left/", views.left, name="session_left"),
    path("session/extend/", views.extend, name="session_extend"),
    path("session/browser-notice/", views.browser_notice, name="session_browser_notice"),
]
