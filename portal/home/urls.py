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
    path("timeline/", views.timeline_page, name="timeline"),
    path("privileges/", views.privileges_page, name="privileges"),
    path("holds/", views.holds_page, name="holds"),
    path("help/", views.help_page, name="help"),
    path("help/safety/", views.safety, name="safety"),
    path("i18n/setlang/", views.set_language, name="set_language"),
]
