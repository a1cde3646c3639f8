from django.urls import path

from accounts.contacts import check_views, undo_views, views

PHONE, EMAIL = {"kind": "phone"}, {"kind": "email"}
PHONES = "settings/communication/phones/"
EMAILS = "settings/communication/emails/"

urlpatterns = [
    path(PHONES, views.contact_list, PHONE, name="phones"),
    path(f"{PHONES}<int:pk>/verify/", views.verify, PHONE, name="phone_verify"),
    path(f"{PHONES}<int:pk>/take/", views.take, PHONE, name="phone_take"),
    path(f"{PHONES}<int:pk>/primary/", views.primary, PHONE, name="phone_primary"),
    path(f"{PHONES}<int:pk>/remove/", views.remove, PHONE, name="phone_remove"),
    path(f"{PHONES}<int:pk>/test/", views.test, PHONE, name="phone_test"),
    path(f"{PHONES}changes/<int:pk>/undo/", undo_views.undo, PHONE, name="phone_undo"),
    path(EMAILS, views.contact_list, EMAIL, name="emails"),
    path(f"{EMAILS}<int:pk>/verify/", views.verify, EMAIL, name="email_verify"),
    path(f"{EMAILS}<int:pk>/take/", views.take, EMAIL, name="email_take"),
    path(f"{EMAILS}<int:pk>/primary/", views.primary, EMAIL, name="email_primary"),
    path(f"{EMAILS}<int:pk>/remove/", views.remove, EMAIL, name="email_remove"),
    path(f"{EMAILS}changes/<int:pk>/undo/", undo_views.undo, EMAIL, name="email_undo"),
    path("settings/communication/check/", check_views.contact_check, name="contact_check"),
    path("settings/communication/check/later/", check_views.later, name="contact_check_later"),
    path("undo/<str:token>/", undo_views.by_link, name="contact_undo"),
]
