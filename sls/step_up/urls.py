from django.urls import path

from sls.step_up import views

urlpatterns = [
    path("step-up/end/", views.end, name="step_up_end"),
    path("step-up/<uuid:pk>/", views.start, name="step_up"),
    path("step-up/<uuid:pk>/answer/", views.answer, name="step_up_answer"),
    path("step-up/<uuid:pk>/resend/", views.resend, name="step_up_resend"),
    path("step-up/<uuid:pk>/confirm/", views.confirm, name="step_up_confirm"),
]
