from accounts.alerts import services
from accounts.alerts.catalogue import CATALOGUE
from accounts.audit.models import Entry


def tell(sender: type, entry: Entry, note: dict, **kwargs: object) -> None:
    """Queues the alerts of an entry, in its transaction."""
    alert = CATALOGUE.get(entry.event)
    if alert is not None and entry.user_id is not None:
        services.send(alert, entry=entry, note=note)
