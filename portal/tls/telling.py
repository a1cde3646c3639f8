"""What security officers are told of a weak encryption: by mail, once a finding."""

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.audit.models import Entry
from accounts.contacts import mailing
from portal.console import staffing
from portal.console.rules import Role
from portal.tls.rules import Facts, Weak

MESSAGE = "tls_weak"
WORDS: dict[Weak, Promise] = {
    Weak.UNTRUSTED: _("Browsers do not trust its certificate."),
    Weak.PROTOCOL: _("It speaks a protocol that is out of date."),
    Weak.OLD_PROTOCOLS: _("It still accepts protocols that are out of date."),
    Weak.CIPHER: _("Its cipher is weak."),
    Weak.KEY: _("The key of its certificate is too short."),
    Weak.EXPIRED: _("Its certificate is not valid now."),
    Weak.EXPIRES: _("Its certificate ends soon."),
}


def mail(facts: Facts, weak: list[Weak], *, entry: Entry) -> None:
    """Mails every security officer what was found, in the caller's transaction."""
    for officer in staffing.holding(Role.OFFICER):
        with override(officer.language):
            findings = [str(WORDS[one]) for one in weak]
            ends = date_format(facts.ends, "DATE_FORMAT")
        about = f"tls:{entry.number}"
        mailing.mail(
            officer, name=MESSAGE, about=about, host=facts.host, findings=findings, ends=ends
        )
