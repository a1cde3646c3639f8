from django.urls import path

from accounts.documents import views

urlpatterns = [
    path("statements/", views.statements, name="statements"),
    path("statements/wrong/", views.wrong, name="statement_wrong"),
    path("statements/balances/<str:number>/", views.positions, name="positions"),
    path("statements/<uuid:document>/", views.document, name="document"),
]
