from django.urls import path

from portal.home import views
from portal.home.panels import BY_CODE

urlpatterns = [
    path("", views.home, name="home"),
    path("settings/", views.settings_index, name="settings"),
    *(
        path(f"settings/{code}/", views.settings_panel, {"code": code}, name=f"settings_{code}")
        for code in BY_CODE
    ),
    path("activity/", views.activity, name="activity"),
    path("help/", views.help_page, name="help"),
    path("ibkey/", views.ibkey, name="ibkey"),
    path("not-me/", views.not_me, name="not_me"),
    path("verify-caller/", views.verify_caller, name="verify_caller"),
    path("i18n/setlang/", views.set_language, name="set_language"),
]
