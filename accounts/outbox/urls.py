from django.urls import path

from accounts.outbox import webhooks

urlpatterns = [
    path("twilio/status/<uuid:message_id>/", webhooks.status, name="twilio_status"),
    path("twilio/voice/<uuid:message_id>/", webhooks.voice, name="twilio_voice"),
    path("twilio/inbound/", webhooks.inbound, name="twilio_inbound"),
]
