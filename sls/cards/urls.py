from django.urls import path

from sls.cards import request_views, share_views, views

CARD = "settings/security/card/"
SHARE = f"{CARD}share/"
REQUEST = f"{CARD}request/"
ONE = f"{CARD}<int:pk>/"

urlpatterns = [
    path(REQUEST, request_views.request_card, name="card_request"),
    path(f"{REQUEST}pin/", request_views.pin, name="card_request_pin"),
    path(f"{REQUEST}account/", request_views.account, name="card_request_account"),
    path(f"{REQUEST}summary/", request_views.summary, name="card_request_summary"),
    path(f"{REQUEST}confirm/", request_views.confirm, name="card_request_confirm"),
    path(f"{REQUEST}cancel/", request_views.cancel, name="card_request_cancel"),
    path(f"{CARD}charges/", views.charges, name="card_charges"),
    path(SHARE, share_views.share, name="card_share"),
    path(f"{SHARE}<uuid:share>/", share_views.answer, name="card_share_answer"),
    path(f"{SHARE}confirm/", share_views.confirm, name="card_share_confirm"),
    path(ONE, views.card, name="card"),
    path(f"{ONE}pin/", views.pin, name="card_pin"),
    path(f"{ONE}pin/answer/", views.pin_answer, name="card_pin_answer"),
    path(f"{ONE}lost/", views.lost, name="card_lost"),
    path(f"{ONE}found/", views.found, name="card_found"),
    path(f"{ONE}unshare/", share_views.unshare, name="card_unshare"),
    path(f"{ONE}return/", views.send_back, name="card_return"),
    path(f"{ONE}return/form/", views.return_form, name="card_return_form"),
]
