from django.urls import path

from sls.incident import enrol_views, views

urlpatterns = [
    path("frozen/", views.start, name="frozen"),
    path("frozen/way/", views.way, name="incident"),
    path("frozen/password/", views.password, name="incident_password"),
    path("frozen/password/advice/", views.advice, name="incident_password_advice"),
    path("frozen/factors/", views.factors, name="incident_factors"),
    path("frozen/contacts/", views.contacts, name="incident_contacts"),
    path("frozen/questions/", views.questions, name="incident_questions"),
    path("frozen/gaps/", views.gaps, name="incident_gaps"),
    path("frozen/add/<str:method>/", enrol_views.add, name="incident_add"),
    path("frozen/enrol/<uuid:challenge>/", enrol_views.enrol, name="incident_enrol"),
    path("frozen/thaw/", views.thaw, name="incident_thaw"),
    path("frozen/receipt/", views.receipt, name="incident_receipt"),
]
