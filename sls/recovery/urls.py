from django.urls import path

from sls.recovery import delay_views, enrol_views, name_views, password_views, views
from sls.recovery.rules import Goal

urlpatterns = [
    path("recover/", views.start, {"goal": Goal.PASSWORD}, name="recover"),
    path("recover/device/", views.start, {"goal": Goal.FACTOR}, name="recover_device"),
    path("recover/name/", name_views.name, name="recover_name"),
    path("recover/status/", delay_views.status, name="recover_status"),
    path("recover/stop/", delay_views.stop, name="recover_stop"),
    path("recover/cancel/<str:signed>/", delay_views.cancel, name="recover_cancel"),
    path("recover/<str:token>/", views.recovery, name="recovery"),
    path("recover/<str:token>/code/", views.code, name="recovery_code"),
    path("recover/<str:token>/again/", views.again, name="recovery_again"),
    path("recover/<str:token>/way/", views.way, name="recovery_way"),
    path("recover/<str:token>/answer/", views.answer, name="recovery_answer"),
    path("recover/<str:token>/resend/", views.resend, name="recovery_resend"),
    path("recover/<str:token>/password/", password_views.password, name="recovery_password"),
    path("recover/<str:token>/password/advice/", password_views.advice, name="recovery_advice"),
    path("recover/<str:token>/lost/", views.lost, name="recovery_lost"),
    path("recover/<str:token>/wait/", delay_views.wait, name="recovery_wait"),
    path("recover/<str:token>/enrol/", enrol_views.enrol, name="recovery_enrol"),
    path("recover/<str:token>/enrol/answer/", enrol_views.answer, name="recovery_enrol_answer"),
]
