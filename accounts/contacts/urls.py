from django.urls import path

from accounts.contacts import views

PHONE, EMAIL = {"kind": "phone"}, {"kind": "email"}
PHONES = "settings/communication/phones/"
EMAILS = "settings/communication/emails/"

urlpatterns = [
    path(PHONES, views.contact_list, PHONE, name="phones"),
    path(f"{PHONES}<int:pk>/verify/", views.verify, PHONE, name="phone_verify"),
    path(f"{PHONES}<int:pk>/primary/", views.primary, PHONE, name="phone_primary"),
    path(f"{PHONES}<int:pk>/remove/", views.remove, PHONE, name="phone_remove"),
    path(f"{PHONES}<int:pk>/test/", views.test, PHONE, name="phone_test"),
    path(EMAILS, views.contact_list, EMAIL, name="emails"),
    path(f"{EMAILS}<int:pk>/verify/", views.verify, EMAIL, name="email_verify"),
    path(f"{EMAILS}<int:pk>/primary/", views.primary, EMAIL, name="email_primary"),
    path(f"{EMAILS}<int:pk>/remove/", views.remove, EMAIL, name="email_remove"),
]
