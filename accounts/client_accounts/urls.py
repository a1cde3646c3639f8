from django.urls import path

from accounts.client_accounts import narrowing_views, people_views, views

OPT = "settings/security/opt-back-in/"
ALGORITHMS = "settings/trading/algorithms/"
USERS = "settings/account/users/"

urlpatterns = [
    path(USERS, people_views.account_users, name="account_users"),
    path(f"{USERS}<int:pk>/", people_views.account_user, name="account_user"),
    path(f"{USERS}<int:pk>/role/", people_views.account_user_role, name="account_user_role"),
    path(f"{USERS}<int:pk>/remove/", people_views.account_user_remove, name="account_user_remove"),
    path("privileges/phones/narrow/", narrowing_views.phones_narrow, name="phones_narrow"),
    path("privileges/phones/widen/", narrowing_views.phones_widen, name="phones_widen"),
    path(ALGORITHMS, narrowing_views.algorithm_accounts, name="algorithm_accounts"),
    *(
        path(f"{ALGORITHMS}<str:number>/{word}/", view, name=f"algorithm_{word}")
        for word, view in (
            ("mark", narrowing_views.algorithm_mark),
            ("open", narrowing_views.algorithm_open),
            ("shut", narrowing_views.algorithm_shut),
            ("unmark", narrowing_views.algorithm_unmark),
        )
    ),
    path(OPT, views.opted_out, name="opted_out"),
    path(f"{OPT}<int:pk>/", views.opt_back_in, name="opt_back_in"),
    path(f"{OPT}done/", views.opted_in, name="opted_in"),
]
