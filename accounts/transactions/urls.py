from django.urls import path

from accounts.transactions import views

urlpatterns = [
    path("transactions/", views.transactions, name="transactions"),
    path("transactions/<str:reference>/", views.transaction, name="transaction"),
    path("transactions/<str:reference>/mine/", views.mine, name="transaction_mine"),
    path("transactions/<str:reference>/not-mine/", views.not_mine, name="transaction_not_mine"),
]
