"""Every address of the emulator."""

from django.urls import path, re_path, register_converter
from django.views.generic import RedirectView

from portal.emulator import calls, card, faults, lookups, mail, messages, phone, rest


class E164:
    """A telephone number in a path, with its plus."""

    regex = r"\+[1-9][0-9]{6,14}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(E164, "e164")

API = "2010-04-01/Accounts/<str:account_sid>"
CALL = "phone/<e164:number>/calls/<str:sid>"

urlpatterns = [
    path("", RedirectView.as_view(url="/phone/")),
    path(f"{API}/Messages.json", messages.many),
    path(f"{API}/Messages/<str:sid>.json", messages.one),
    path(f"{API}/Calls.json", calls.many),
    path(f"{API}/Calls/<str:sid>.json", calls.one),
    re_path(r"^2010-04-01/Accounts/(?P<account_sid>[^/.]+)(?:[/.].*)?$", rest.nowhere),
    path("v2/PhoneNumbers/<str:number>", lookups.one),
    path("phone/", phone.handsets, name="handsets"),
    path("phone/<e164:number>/", phone.handset, name="handset"),
    path("phone/<e164:number>/messages", phone.messages, name="write"),
    path("phone/<e164:number>/messages.json", phone.messages),
    path("phone/<e164:number>/calls.json", phone.calls),
    path("phone/<e164:number>/profile", phone.profile, name="profile"),
    path(f"{CALL}/answer", phone.answer, name="answer"),
    path(f"{CALL}/decline", phone.decline, name="decline"),
    path(f"{CALL}/press", phone.press, name="press"),
    path(f"{CALL}/hangup", phone.hangup, name="hangup"),
    path("mail/", mail.boxes, name="mailboxes"),
    path("mail/<str:address>.json", mail.box_json),
    path("mail/<str:address>/", mail.box, name="mailbox"),
    path("mail/<str:address>/<str:sid>.html", mail.as_html, name="mail_html"),
    path("card/", card.cards, name="cards"),
    path("card/<str:serial>/", card.card, name="card"),
    path("card/<str:serial>/press", card.press, name="card_press"),
    path("card/<str:serial>/respond", card.respond, name="card_respond"),
    path("control/faults", faults.orders),
    path("control/callbacks", faults.callbacks),
    path("control/reset", faults.reset),
]
