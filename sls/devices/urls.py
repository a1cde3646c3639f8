from django.urls import path

from sls.devices import enrol_views, views

SLS = "settings/security/sls/"
ENROL = f"{SLS}enrol/<uuid:challenge>/"
ONE = f"{SLS}<str:method>/<int:pk>/"

urlpatterns = [
    path(SLS, views.devices, name="devices"),
    path(f"{SLS}sms/on/", views.sms, {"on": True}, name="sms_on"),
    path(f"{SLS}sms/off/", views.sms, {"on": False}, name="sms_off"),
    path(f"{SLS}backup_codes/renew/", enrol_views.renew, name="backup_codes_renew"),
    path(f"{SLS}order/", views.order, name="devices_order"),
    path(f"{SLS}add/<str:method>/", enrol_views.add, name="device_add"),
    path(ENROL, enrol_views.enrol, name="device_enrol"),
    path(f"{ENROL}answer/", enrol_views.enrol_answer, name="device_enrol_answer"),
    path(ONE, views.device, name="device"),
    path(f"{ONE}name/", views.name, name="device_name"),
    path(f"{ONE}test/", views.test, name="device_test"),
    path(f"{ONE}replace/", enrol_views.replace, name="device_replace"),
    path(f"{ONE}remove/", views.remove, name="device_remove"),
]
